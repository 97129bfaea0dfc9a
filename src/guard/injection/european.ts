/**
 * Words of attacks in European languages of the Latin script and in Turkish, without their accents.
 * @module
 */

/** German, French, Spanish, Portuguese, Italian, Dutch, Polish and Turkish, in this order. */
export const EUROPEAN = {
  override:
    `ignorier* vergiss vergesst missacht* umgeh* ueberschreib* uberschreib* oublie oubliez oublier negligez contourn*
    ignorez ignora* ignoren ignorad ignorem ignoreer* ignorir* negeer* negeren vergeet olvid* omite omita esquec* esqueca dimentic* scorda
    ignoruj* zignoruj* zapomnij* pomin pomijaj yoksay* gormezden unut* desobe* desconsider* descart* trascura`,
  disable:
    `deaktivier* desactiv* desativ* disattiv* uitschakel* schakel wylacz* deshabilit* devredisi kapat* kaldir*`,
  prior:
    `vorherig* vorig* bisherig* obig* fruher* zuvor precedente precedentes anterieur* anterior* previo previos previa previas anteriormente precedenti vorige
    eerdere bovenstaande voorgaande poprzedni* wczesniejsz* powyzsz* onceki yukaridaki acima arriba dessus
    sopra oorspronkelijke`,
  instruction:
    `anweisung* instruktion* regeln regel richtlinie* vorgabe* instruccion* instrucoes instrucao instrukcj*
    consigne* regles reglas regras regole regels istruzion* richtlijn* instructies zasad* polecen* wytyczn* talimat* kural*
    komut* directiv* direttiv* diretriz* directric* ordenes indicacion* befehl* aufgaben yonerge*`,
  told: `gesagt dit dicho dito detto gezegd powiedziano`,
  all:
    `alle alles allen samtliche tout toute toutes tous todo toda todas todos tudo tutte tutti tutto wszystk* tum butun hepsini`,
  your:
    `dein* deine ihre du sie dich votre vos ton tes tu tus su sus tua tuas seu sua seus suas tuoi tue jouw je uw twoj* swoj*
    sen senin sizin`,
  model:
    `ki assistent* ia asistente asistan* modell modele modelo asystent* yapay zeka iai intelligenza kunstmatige`,
  reveal:
    `zeig* verrat* nenne gib offenbar* affiche* montre* revel* divulgu* donne* muestra* mostra* mostre* dime imprime*
    rivela* stampa toon onthul* ujawni* pokaz* wyswietl goster* acikla* soyle ausgeben ecris repite geef wypisz yazdir`,
  secret:
    `passwort* passworter kennwort* zugangsdaten geheim* schlussel motdepasse contrasen* credencial* senha* segredo*
    credenzial* wachtwoord* hasl* sifre* parola* identifiants anahtar*`,
  prompt: `systemprompt* systemanweisung* systemaufforderung`,
  send:
    `sende* schick* send* envoyez envoyer envoie transmet* envia* envie* manda mandar invia* inoltra* reenvi* encaminh* stuur*
    verzend* doorstuur* wyslij* przeslij* gonder* ilet* weiterleit* leite hochlad* enviar enviale yolla*`,
  negation:
    `nicht nie niemals ohne kein* pas jamais sans nao nunca jamas sin sem non senza niet nooit zonder nie nigdy bez
    etme asla degil`,
  tell:
    `sagen sagst erwahn* informiere* mitteil* dis dites mentionne* informez prevenir digas diga* mencion* avis* menziona* vertel*
    zeg powiadam* informuj* soyleme* bahsetme* bildirme*`,
  user: `benutzer* nutzer* anwender* utilisateur* usuari* utent* gebruiker* uzytkownik* kullanici*`,
  now:
    `jetzt nun stattdessen maintenant desormais ahora agora adesso invece nu voortaan teraz odtad artik simdi bundan
    sofort`,
  follow: `befolg* folge suivez suis sigue siga segui segua volg wykonaj uygula* fuhre executez`,
  be: `bist als es eres sos sei als jestes sin* olarak como comme`,
  free:
    `uneingeschrankt* unzensiert* sinrestricciones senzarestrizioni unbeschrankt* nieograniczon* sinirsiz*`,
  limits:
    `einschrankung* beschrankung* grenzen restriccion* restric* limites limite limitacion* ethique etica eticas restrizion*
    limiti beperking* ograniczen* kisitlama* sinirlama* filtre* filtro* filter*`,
  safety: `sicherheit* securite seguridad seguranca sicurezza veiligheid* bezpieczenstw* guvenlik*`,
  checks:
    `prufung* mechanismen verifications verificacion* restriccion* restric* controles controlli controles kontrol* onlem* regeln mesures
    medidas misure maatregelen zabezpieczen*`,
  urgent:
    `wichtig* achtung dringend hinweis importante attenzione atencion atencao belangrijk wazne uwaga onemli dikkat urgente pilne acil`,
  must:
    `musst muss mussen sollst bitte devez doit debes deve devi dovete moet musisz prosze lutfen zorunda veuillez porfavor dois`,
  my: `mein* mon mes mi mis meu minha mio mia mijn moj* benim`,
  reply: `antwort* reponse* respuesta* resposta* rispost* antwoord* odpowiedz* yanit* cevap*`,
  including:
    `einfug* inclure incluez incluir incluye inclua includ* includi opnemen toevoeg* dolacz* dodaj* ekle*`,
  act: `spiel* agis joue actua actue finge aja finja agisci fingi doe udawaj davran`,
  mode: `modus modo mod tryb modalita`,
  tool: `werkzeug* outil* herramient* ferrament* strument* gereedschap narzedzi* arac*`,
  call:
    `fuhre ausfuhr* executa executez ejecut* esegu* uitvoer* uruchom* wykonaj calistir* appelle* llama* chama* chiama* aufruf* rufe voer`,
  destroy:
    `losch* supprim* efface* elimina* borra* apag* exclua cancella* verwijder* wis usun* skasuj sil sildir* silin`,
  data:
    `datei* dateien fichier* archivo* arquivo* datos dados dati documenti bestand* gegevens plik* dane dosya* verileri verilerini
    konversation verlauf historique historial historico cronologia donnees gesprek rozmow* sohbet* correos courriels`,
  personal:
    `personlich* vertraulich* confidentiel* personnel* personales confidencial* pessoais personali riservat* prywatn* gizli kisisel*`,
  approval:
    `bestatigung zustimmung genehmigung ruckfrage confirmacion confirmation autorisation aprobacion confirmacao conferma
    autorizzazione bevestiging toestemming potwierdzen* zgody onay*`,
  secretly:
    `heimlich verdeckt unbemerkt discretement secretement silencieusement secretamente silenciosamente discretamente
    sigilosamente segretamente silenziosamente nascosto stiekem ongemerkt potajemnie niezauwazenie gizlice sessizce`,
  remember:
    `merke merk speicher* notier* retiens retenez memoris* enregistre* recuerda recuerde guarda* memoriza* lembre* salve
    ricorda ricordati salva onthoud bewaar zapamietaj zapisz hatirla kaydet`,
  always:
    `immer toujours siempre sempre altijd stets jedes jedesmal chaque cada ogni siempreque elke telkens zawsze kazd* daima her surekli`,
  asking:
    `fragen nachfrage demander preguntar consultar perguntar chiedere vragen pytania sormadan`,
  about: `angriff* angreifer* attaque* attaquant* ataque* atacante* attacc* aanval* atak* saldiri*`,
  immediately:
    `sofort immediatement inmediatamente imediatamente subito onmiddellijk natychmiast hemen`,
  pay: `uberweis* virement transfiere* transfira* bonific* przelej* overmak*`,
  money: `geld euro argent dinero dinheiro denaro pieniadze para konto*`,
  dont:
    `nicht nie niemals ohne kein* pas jamais sans nao nunca jamas sin sem non senza niet nooit zonder nie nigdy bez
    etme asla degil`,
} as const;
