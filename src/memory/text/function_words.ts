/**
 * The small words that hold sentences together. They tell the language of a text, and in a question
 * they say nothing about what is looked for.
 * @module
 */

/** By ISO 639-1; folded. */
const WORDS: Readonly<Record<string, string>> = {
  en:
    "a about after all also am an and any are as at be because been before being both but by can could did do does doing done each for from had has have having he her here hers him his how i if in into is it its itself just like me more most my no nor not of off on once only or other our out over own same she should so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who whom why will with would you your im ive dont didnt doesnt isnt wasnt whats thats id ill cant",
  de:
    "aber als am an auch auf aus bei bin bis da dann das dass dem den der des die dir doch du durch ein eine einem einen einer er es euch fur habe haben hat hatte ich ihm ihn ihr im in ist ja kann mein meine mich mir mit nach nicht noch nur ob oder schon sein seine sich sie sind so uber um und uns unter vom von vor war waren was welche wenn wer werden wie wir wird wo zu zum zur",
  fr:
    "ai au aux avec avait c ce ces cette d dans de des donc du elle elles en est et etait eu il ils j je l la le les leur leurs lui ma mais me mes moi mon n ne nos notre nous on ont ou par pas pour qu que quel quelle qui s sa sans se ses si son sont sur ta te tes toi ton tu un une vos votre vous y",
  es:
    "al algo como con cual cuando de del desde donde e el ella ellas ellos en entre era es esa ese eso esta estaba este esto fue ha hay la las le les lo los mas me mi mis mucho muy nada ni no nos o para pero por porque que quien se ser si sin sobre son su sus tambien te tiene todo tu tus un una uno y ya yo",
  it:
    "a ad agli al alla alle anche c che chi ci come con cosa da dal dalla degli dei del della delle di dove e ed era gli ha hai ho i il in io l la le lei li lo loro lui ma mi mia mio ne nei nel nella noi non o per perche piu quale quando quella quello questa questo se si sia sono su sua sul suo tra tu un una uno vi voi",
  pt:
    "a ao aos as com como da das de dela dele do dos e ela ele eles em entre era essa esse esta estava este eu foi ha isso ja lhe mais mas me meu minha muito na nao nas nem no nos o onde os ou para pela pelo por porque qual quando que quem se sem ser seu so sua tambem te tem um uma voce",
  nl:
    "aan al als bij dan dat de der deze die dit door een en er ge had heb heeft het hij hoe hun ik in is je kan maar me meer met mij mijn na naar niet nog nu of om omdat ons ook op over te tegen toch tot u uit van veel voor waar was wat we wel werd wie wij wordt zal ze zich zij zijn zo zou",
  sv:
    "alla att av blev bli da dar de dem den denna deras dess det detta dig din du efter ej eller en er ett for fran ha hade han hans har hon honom hur i icke inom inte jag kan man med men mig min mitt mot mycket nar nu och om oss pa sa samma sig sin skulle som till under upp ut utan var vem vi vilken",
  da:
    "af alle andet at blev bliver da de dem den der deres det dette dig din dog du efter eller en end er et for fra ham han hans har havde hende hendes her hos hun hvad hvor i ikke ind jeg jo kunne man mange med meget men mig min mod nar noget nogle nu og om op os over pa sig sin skal skulle som til ud under var vi vil",
  no:
    "alle at av ble bli da de deg dem den denne der deres det dette du eller en er et etter for fra ha hadde han hans har henne her hun hva hvor hvordan hvorfor i ikke inn jeg kan kom med meg men mer min mot mye nar noe noen nok og om opp oss pa sa seg sin skal skulle som til ut var vi vil",
  fi:
    "ei en ensin han he ja jo johon joka jos kanssa koska kuin kun me mika mina missa mutta myos ne niin nyt oli olen olet on ovat se sen sina sita tai tama tassa te vain voi",
  tr:
    "ama ancak bana bazi ben beni benim bir biraz biz bu cok da daha de degil diye en gibi hem hep hic icin ile ise kadar ki kim mi mu nasil ne neden nerede o olan olarak onlar onu sen siz sonra su ve veya ya yok",
  ro:
    "a acest aceasta ai al am ar are as au ca care ce cel cu cum da dar de decat din doar doi ea ei el este eu fi fost iar in la le lor lui ma mai mea meu mi mult ne nici noi nu o pe pentru prin sa sau se si sunt te tu un unde unei unor va voi",
  hu:
    "a az abban ahhoz aki ami amit azt azonban azert be csak de e egy el en es ez ezt fel ha hanem hogy hol igen is itt ki kell le lehet lesz ma maga majd meg mert mi mint most nagy nem neki nekem o ott pedig s sem te ti van vagy volt",
  id:
    "ada adalah akan aku anda apa atau bagi bahwa bisa dalam dan dari dengan di dia hanya harus ini itu jika juga kami kamu karena ke kita lagi mereka oleh pada pernah saat saja sangat saya sebagai seperti sudah tapi telah tidak untuk yang",
  pl:
    "a aby ale bardzo bez bo by byc byl byla bylo co czy dla do gdy gdzie go i ich ile ja jak jako je jego jej jest jeszcze juz kiedy kto ma mam mi mnie moj na nad nie o od on ona oni po pod przez sie sa ta tak tam te tego tej ten to tu ty w we z za ze",
  cs:
    "a aby ale ani az bez bude by byl byla bylo byt co do i ja jak jako je jeho jeji jen jeste ji jsem jsi jsou k kde kdo kdy ke ktera ktere ktery ma me mi mne na nad ne nebo nez o od on ona pak po pod pro proc s se si svuj ta tak take tam ten to tu ty u uz v ve z za ze",
  ru:
    "а без бы был была было были быть в вам вас весь во вот все вы где да для до его ее если есть еще же за и из или им их к как ко когда кто ли мне можно мой моя мы на над не него нет ни но ну о об он она они оно от по под при про с себя со так там то тоже только ты у уже чем что чтобы эта это этот я",
  uk:
    "а але б без би був була були було в вже ви від він вона вони воно все де для до є з за зі і із їх його її й коли ли мене мені ми мій на над не ні про о од по при та так там те ти то тут у хто це цей чи що щоб як якщо я",
  bg:
    "а аз ако ала без бе беше би бях в вас ви ме все го да до дори е един за защо и из или им има как като ко кога кой към ли ми много може на над не него нея ни но о от по под пред при с са само се си след сме със та така там те ти то това той тя че ще я",
  sr:
    "ali bi bih bila bilo bio da do ga gde i iz ja je jer joj još ju kad kako kao koja koje koji li me mi mu na nad ne nego nije o od on ona oni po pod pri sa sam samo se si smo su sta sto ta taj tako te ti to u uz vi vec za",
  el:
    "αλλα αν αντι απο αυτα αυτη αυτο αυτος για δεν εγω ειμαι ειναι εκεινο ενα ενας ενω επι η ηταν θα και κατα κι με μετα μη μην μια μου να ο οι ομως οπως οταν οτι ουτε παρα ποια ποιο ποιος που προς πως σαν σας σε στα στη στην στο στον τα την της τι το τον του τους των ως",
  ar:
    "في من على الى إلى عن مع هذا هذه ذلك تلك التي الذي كان كانت هو هي هم انا أنا نحن انت لا ما لم لن قد كل بعد قبل بين أن ان إن أو او ثم حتى كيف متى اين أين لماذا هل",
  hi:
    "और का की के को में से है हैं था थी थे हो होता होती यह वह ये वे पर भी नहीं ने तो कि जो क्या कब कहाँ कहां कैसे क्यों कौन मैं हम तुम आप मेरा मेरी मेरे एक इस उस",
};

const LANGUAGES: ReadonlyMap<string, readonly string[]> = languagesByWord();

function languagesByWord(): Map<string, string[]> {
  const languages = new Map<string, string[]>();
  for (const [language, words] of Object.entries(WORDS)) {
    for (const word of words.split(" ")) {
      const known = languages.get(word);
      if (known === undefined) languages.set(word, [language]);
      else known.push(language);
    }
  }
  return languages;
}

/** The languages in which a folded word is a small word, as ISO 639-1. */
export function languagesOfWord(word: string): readonly string[] {
  return LANGUAGES.get(word) ?? [];
}

/** Whether a folded word is a small word of that language. */
export function isFunctionWord(word: string, language: string): boolean {
  return languagesOfWord(word).includes(language);
}
