/**
 * English words of attacks, by concept. Verbs stand as they stand in an order ("ignore", not "ignores"),
 * since who describes an attack uses other forms.
 * @module
 */

/** Words by concept; `*` stands for any ending. */
export const ENGLISH = {
  /** To set instructions aside. */
  override:
    `ignore ignoring disregard disregarding forget forgetting override overriding bypass bypassing circumvent neglect discard disobey overlook abandon nullify supersede supersedes dismiss unfollow suspend void erase ditch overrides scrap forgotten renounce unlearn jettison sidestep`,
  /** To switch something off. */
  disable:
    `disable disabling deactivate unlock lift remove drop skip toggle off stop evade subvert turn`,
  prior:
    `previous previously prior above earlier preceding former foregoing before original initial existing past
    antecedent aforementioned beforehand current system last first old default far established preexisting preset stored`,
  /** What the model was told. */
  instruction:
    `instruction instructions instuctions inctructions intructions prompt prompts rule rules guideline guidelines directive
    directives directions direction command commands programming constraint constraints order orders policies policy training
    context pretraining preprompt protocols text teachings principles content conversation restrictions restriction guidance briefing mandate alignment configuration programing`,
  told: `told said wrote taught learned given received instructed programmed asked know knew`,
  all: `all any every everything each entire whatever anything both full whole complete`,
  your: `your youre you yourself yours ur u youve`,
  my: `my mine our`,
  /** Whom an attack speaks to. */
  model:
    `ai assistant assistants llm llms agent agents chatbot chatgpt gpt claude gemini copilot bot llama model models openai`,
  /** As whom an attack speaks. */
  role:
    `system assistant user developer admin administrator human sysadmin sys sysmsg root operator tool terminal`,
  admin:
    `system developer admin administrator root sudo operator superuser creator openai anthropic supervisor boss owner`,
  reveal:
    `reveal show print output repeat display tell leak disclose dump expose give say echo spill divulge recite quote translate summarize return write list share spell provide uncover emit respond unveil relay revealing reproduce rephrase restate rewrite paraphrase regurgitate transcribe parrot recount enumerate verbalize reiterate retell recap restating`,
  question: `what whats which who how where`,
  secret:
    `password passwords secret secrets credential credentials passphrase apikey apikeys token tokens cookie cookies passcode passwd mnemonic creds otp ssn cvv pii seedphrase`,
  /** Parts of names of secrets. */
  keyword: `api ssh private secret session seed recovery encryption signing master aws access`,
  secretfile:
    `env ssh aws netrc npmrc gnupg kube passwd shadow pgpass keychain rsa pem kubeconfig bashrc zshrc sudoers keystore vault`,
  prompt:
    `prompt preprompt instructions programming guidelines rules configuration initialization directives startup ruleset preprompt`,
  send:
    `send forward upload transmit exfiltrate transfer relay submit deliver publish sync sending uploading forwarding bcc push pipe smuggle post dispatch reroute siphon ferry`,
  negation: `not never dont without avoid no refrain neither cannot shouldnt mustnt stop nor didnt`,
  tell:
    `tell telling mention mentioning inform informing notify notifying disclose disclosing alert alerting reveal revealing acknowledge`,
  user: `user users human owner operator customer`,
  knowing: `knowing noticing realizing knowledge aware awareness know notice`,
  secretly:
    `secretly silently covertly quietly discreetly stealthily surreptitiously lowkey sneakily invisibly clandestinely undetectably`,
  now: `now henceforth instead new onwards onward forward afterwards going hereafter immediately`,
  follow: `follow obey execute adhere comply prioritize`,
  be: `are be as youre like`,
  free:
    `unrestricted unfiltered uncensored unlimited unbound unconstrained unbounded jailbroken dan amoral unhinged limitless ungoverned unmoderated unlocked freed liberated devmode unshackled unleashed unaligned rogue unfettered`,
  mode: `mode developer god debug maintenance unlimited jailbreak sudo admin opposite evil`,
  limits:
    `restriction restrictions limits limitations limit filter filters guardrails guardrail safeguards safeguard guideline guidelines
    ethics ethical moral morals morality rules policies constraints boundaries censorship censure censor moderation filtering inhibitions
    principles protocols safeties laws disclaimers disclaimer refusal refusals restraints`,
  safety:
    `safety security ethical content moderation policy policies guardrails safeguards filter filters restrictions
    approval sandbox protections checks safeties firewall antivirus monitoring logging defenses authentication
    verification limitations protocols validation alerts audit safeties`,
  checks:
    `checks check filters filter restrictions guidelines protocols measures instructions controls policies policy guardrails mechanisms constraints considerations protections confirmation precautions restraints scan review authentication detection`,
  urgent:
    `important urgent attention warning note notice critical mandatory required alert emergency reminder todo fyi announcement prerequisite caution information`,
  must:
    `must should shall need required have always mandatory ought gotta please immediately strictly will`,
  please:
    `please kindly pls just now then also immediately first must should then and simply always to instead
    proactively automatically next additionally`,
  tool:
    `tool tools function functions command commands shell bash powershell terminal plugin script scripts api endpoint
    mcp code payload python http_request sh`,
  call: `call invoke execute run trigger use running eval perform launch`,
  next: `next following below subsequent proceeding ensuing`,
  destroy:
    `delete erase wipe destroy overwrite purge rm shred deleting trash encrypt format clear remove`,
  data:
    `file files conversation history messages chat emails data contents documents contacts notes inbox memory dialogue transcript records database logs document folder folders backups mails repo repository calendar events variables log files`,
  personal:
    `user users personal private confidential sensitive customer patient saved internal confidential`,
  remember: `remember memorize memorise`,
  memory: `memory memories claude rules cursorrules soul`,
  always: `always whenever every forever permanently each anytime`,
  approval:
    `confirmation approval permission consent confirm confirming approve asking verification authorization warning review
    verifying verify prompting hesitation question questioning authorisation signoff authorizing`,
  money:
    `payment payments money funds bitcoin btc eth usd eur dollars transaction purchase account bank invoice donation iban
    deposit wallet tokens paypal salary credits stake`,
  pay: `transfer pay send deposit wire donate buy purchase withdraw invest book reserve order move`,
  input:
    `input prompt instructions user text data query context message document conversation article content instruction
    email file session system`,
  finish: `finish finished once after before upon prior`,
  answering:
    `answering responding replying proceeding respond answer reply continue continuing proceed summarizing`,
  say:
    `say print reply respond output write answer tell return echo state begin start include append end add type insert
    mention advertise recommend promote replace start conclude integrate weave work`,
  hijack: `pwned hacked hahaha haha lol`,
  only: `only just exactly nothing simply verbatim literally precisely`,
  verbatim: `verbatim word exact exactly literally entirety fully whole original raw letter`,
  adopt: `authoritative override overrides supersede supersedes precedence priority binding`,
  wish: `want need order command instruct authorize require`,
  about:
    `attack attacks attacker attackers injection injections jailbreak jailbreaks jailbreaking jailbroken vulnerability vulnerabilities malicious adversarial adversary adversaries prevent prevents prevention detect detects detection detected detecting mitigate mitigation mitigations owasp cve threat threats exploit exploits defend defense defenses redteam phishing hacker hackers harmful untrusted classifier sanitize sanitization fiction fictional novel refuses rejects`,
  code: `snippet snippets block excerpt segment fragment piece section portion`,
  tweak:
    `emoji emojis backwards backward uppercase lowercase punctuation misspellings misspelled typos reverse reversed rhyme rhymes spaces vowels caesar morse leetspeak cipher binary anagram anagrams scramble jumble shuffle invert consonants alphabetically capitalize letters substitute hashtags misspell rearrange substitution`,
  style: `reply response answer respond answers responses replies`,
  keep: `store save persist append write inject add preserve retain copy put insert`,
  lasting:
    `future permanently forever whenever always every across henceforth hereafter persists persistently indefinitely`,
  fetch: `curl wget iex irm invoke certutil bitsadmin nc ncat`,
  rest:
    `rest data text texts below everything message messages document article page snippets answers memory context this info information words`,
  focus: `focus concentrate listen attend`,
  polish:
    `enhance improve optimize optimise refine supplement supplementing complement complementing enrich enriching strengthen boost augment robust robustness better fortify elevate upgrade optimization optimal improved efficient enhanced streamline beneficial supercharge advance revamp`,
  take:
    `use utilize utilise incorporate leverage adopt embed employ implement apply integrate consider add append include insert adding appending including featuring incorporating using utilizing supplement supplementing enrich complement`,
  address: `@@ ://`,
  account: `##`,
  todo: `todo external_todo`,
  change:
    `change update modify alter reset edit set add create schedule delete remove cancel move leave share send forward transfer pay withdraw deposit sell buy unlock lock grant disable enable redirect dispatch book reserve invite post upload download retrieve reschedule order purchase manage access review ensure provide conduct monitor trigger export turn make initiate disclose call prescribe assign`,
  endmark:
    `end ended terminated termination terminates ends over resume begins begin beginning start`,
  announce:
    `instruction instructions rules prompt input message amendment notice announcement directive directives task`,
  ownprompt:
    `system initial original hidden secret internal base starting startup underlying developer current full confidential core master prior previous`,
  reply: `reply response answer message responses replies answers`,
  put:
    `include incorporate integrate insert mention add weave embed provide write use replace substitute end begin start finish conclude append advertise promote place feature jumble scramble anagram group remove shuffle reverse arrange capitalize randomize space omit spell slip populate populated`,
  without: `without skip skipping bypass bypassing`,
  trust: `verified approved notified cleared authorized consented preapproved agreed`,
  act:
    `act acts behave roleplay pretend simulate imagine impersonate become emulate masquerade portray embody`,
  captcha: `captcha captchas`,
  reads:
    `cat read open print output include show copy upload send access load fetch retrieve dump get pass extract steal grab harvest collect exfiltrate`,
  opposite: `opposite inverse reverse contrary`,
  hide: `hide conceal suppress omit withhold`,
  dont: `not never dont avoid cannot cant wont no shouldnt mustnt without`,
  mail: `email mail cc`,
  bound: `must shall`,
  fromnow: `now henceforth onwards onward hereafter going`,
  from: `from`,
  bit:
    `sentence line paragraph phrase word words link note mention section emoji emojis url recommendation advertisement image statement reminder comment remark fact quote tip question joke story disclaimer`,
  decode: `decode decoded decipher decrypt unscramble base64 rot13`,
  keys: `key keys phrase`,
  obey: `follow obey execute comply`,
  others: `them anyone anybody everyone people person someone`,
  doing:
    `do perform proceed accept complete act treat continue run execute go respond answer generate operate function provide`,
  citing:
    `such phrase phrases example examples eg scenario scenarios regex pattern patterns flags flagged warns probe probes rule_id documented documentation discusses explains research researchers paper study studies benchmark test tests blocks blocked blocking attempt attempts`,
  password: `password passcode secret passphrase passwords`,
  aside: `aside away out`,
  been: `been`,
  pwned: `pwned haxxed pwnd wned`,
  later: `next later subsequent future`,
  turn: `turn call interaction message session request conversation`,
  wait: `wait execute schedule run store perform activate trigger remember hold`,
  information: `information important`,
  set: `set put leave throw cast lay push toss`,
  forward: `forward reply convey send email respond`,
  across: `across despite through beyond survive survives`,
  required: `required needed necessary needs require requires`,
  already: `already previously has been`,
  note:
    `message prompt instruction instructions override notice directive directives alert note command update announcement`,
  exist: `exist exists apply applies matter`,
  keyshape: `#key`,
  person: `user human`,
  context: `context compaction window summarization`,
  speaker: `assistant ai bot chatbot`,
  orders:
    `instruction instructions directive directives rule rules orders guideline guidelines prompt directions guidance mandate briefing constraints programming`,
  ignoring:
    `ignore disregard forget disobey ignoring disregarding forgetting defy renounce unlearn`,
  keyname: `apikey password secret`,
  keyfile:
    `ssh aws netrc npmrc gnupg kube passwd shadow pgpass keychain rsa kubeconfig sudoers keystore gcloud azure`,
  immediately: `immediately instantly urgently asap`,
  notice: `notice override directive alert command`,
  analysis: `analysis assessment calculation result results report figures conclusion estimate`,
  wrong: `wrong incorrect erroneous inaccurate outdated flawed mistaken errors error invalid`,
  redo: `recompute recalculate reassess redo rerun reevaluate`,
  fresh: `these updated attached corrected new revised following`,
  secretkey: `secretkey`,
  ask: `asks ask requests mentions says`,
  tld: `com net org io dev top xyz cyou site co ru cn info`,
  history: `conversation history chat transcript dialogue context`,
  whole: `all entire full whole complete every`,
  it: `it this that anything these`,
  obeying: `following obeying listening`,
  forever: `forever indefinitely endlessly nonstop`,
  sysmessage: `message prompt`,
  printing: `output print dump expose leak spill divulge`,
  telling:
    `tell give say reveal print output leak disclose share write return divulge hand surrender`,
  above: `above before preceding earlier prior previous previously`,
  refuse: `refuse decline refusing`,
  including: `include add append put insert output write embed`,
  hand: `send forward email mail transmit upload deliver submit dispatch reroute upload`,
  politely: `please kindly pls`,
  me: `me`,
  mention: `mention tell reveal disclose acknowledge`,
  payload: `payload`,
  interpret: `interpret decode decipher translate read execute follow`,
  encoded: `encoded`,
  decoded: `decoded`,
  command: `order command instruct authorize direct`,
  asking: `check ask confirm`,
  usingit: `using calling invoking`,
  loud: `important urgent notice warning critical`,
  ever: `always whenever`,
  token: `token`,
  except: `except besides apart`,
  reading: `reading processing`,
  starting: `starting beginning begins begin`,
  sysonly: `system initial original hidden base`,
  literal: `verbatim entirety unabridged`,
  work: `algorithm solution program codebase implementation logic code`,
  ignored: `ignored disregarded forgotten discarded overridden superseded void`,
  guardterm:
    `detection yara signature filter filters moderation guardrail guardrails safety security`,
  guardrule: `rules signatures patterns keywords phrases regex regexes checks`,
  triggers: `trigger triggers blocked flagged`,
  addressee: `assistant assistants ai agent agents bot chatbot llm llms model`,
  phrase: `phrase string`,
} as const;
