/**
 * English words of attacks on what agents have and chat models have not: tools, memory, approvals, other
 * agents. Written as those of `english.ts`.
 * @module
 */

/** Words by concept; `*` stands for any ending. */
export const AGENT_WORDS = {
  /** Those who may speak to an agent beside the person. */
  peer:
    `agent agents subagent subagents orchestrator planner coordinator supervisor executor worker dispatcher controller administrator admin sysadmin`,
  agents: `agent agents subagent subagents models assistants bots`,
  other:
    `other others next downstream another all every connected subsequent remaining neighboring peer`,
  speaking: `am speaking acting writing posing`,
  spread:
    `propagate spread replicate broadcast forward relay pass copy embed insert include append`,
  grant: `grant give elevate escalate promote raise assign upgrade`,
  privileged:
    `elevated admin administrator administrative root superuser sudo unrestricted privileged full write higher`,
  privilege: `permission permissions privilege privileges access rights clearance role authority`,
  /** What a person would be asked for. */
  review:
    `confirmation approval permission consent review verification signoff authorization authorisation oversight moderation approvals confirmations prompts dialog dialogs checkpoint reviewer`,
  humanly: `human user manual person security safety final owner operator`,
  skip: `skip bypass omit disable suppress avoid remove ignore circumvent dismiss`,
  await:
    `ask asking wait waiting prompt prompting seek request requesting require check checking pause pausing`,
  approve: `approve approved accept confirm authorize allow grant`,
  automatic: `automatically auto silently always immediately all every everything`,
  autoapprove:
    `autoapprove autoapproved autoaccept autoconfirm preapproved preauthorized preauthorised preauthorize`,
  auto: `auto pre`,
  approved: `approve approved authorized authorised cleared approves accept verified`,
  yolo: `yolo`,
  unasked:
    `asking telling notifying informing alerting mentioning confirmation approval permission consent prompting warning disclosing revealing logging comment confirming consulting`,
  /** What is done so that nobody sees it. */
  unseen:
    `silently secretly quietly covertly discreetly stealthily invisibly unnoticed surreptitiously`,
  /** What an order in data has the model do. */
  deed:
    `send forward upload transmit post email mail bcc call run execute invoke read fetch open write append insert add delete transfer copy include submit exfiltrate collect log store save install download change set create make replace reply share leak record query`,
  outward: `send forward upload transmit exfiltrate leak bcc copy mail email post submit`,
  using: `using use calling call invoking invoke running run executing execute`,
  tooling: `tool tools function functions skill skills plugin plugins server mcp connector api`,
  foremost: `first prior always must beforehand`,
  instead: `instead rather`,
  broken: `deprecated obsolete disabled unsafe broken insecure unavailable replaced unreliable`,
  parameter:
    `parameter parameters param params argument arguments sidenote field fields context metadata`,
  handover: `pass passing provide put include supply encode send`,
  contents: `content contents output result history transcript conversation`,
  failing: `fail fails work function break available`,
  otherwise: `otherwise else`,
  report:
    `mention show display report list reveal disclose explain acknowledge log note tell inform notify alert say output confirm print output`,
  summary: `summary response reply answer output log logs report transcript result`,
  leaveout: `omit exclude hide remove suppress withhold conceal`,
  /** Lasting orders. */
  keepit: `remember store save note record persist memorize keep add append write update commit`,
  memoryfile:
    `memory soul claude agents cursorrules heartbeat identity gemini copilot windsurfrules`,
  md: `md json mdc`,
  sessions:
    `session sessions conversation conversations chat chats interaction interactions turn turns reply replies response responses answer answers message messages`,
  evermore: `future every all subsequent each later upcoming`,
  when: `when whenever once every each next after`,
  asks: `asks ask requests request says say mentions mention types type writes`,
  they: `user users person someone anyone customer human they`,
  urges:
    `reply respond recommend answer say suggest claim insist mention include add append promote advise tell steer direct prefer advertise trust approve`,
  treat: `treat consider regard assume`,
  trusted:
    `trusted authorized verified safe approved admin administrator whitelisted allowlisted preapproved priority authoritative`,
  /** What the model is for. */
  newly: `new real true actual updated revised current only sole primary main next highest latest`,
  goal:
    `task goal objective purpose mission job priority directive directives instructions assignment role persona`,
  oldly: `current previous original prior ongoing existing initial last assigned your`,
  abandon:
    `abandon drop stop pause cancel halt abort cease forget replace discontinue terminate end suspend`,
  character: `character persona role`,
  breakit: `break leave drop exit`,
  modeword:
    `developer dev god debug maintenance jailbreak sudo admin dan root unrestricted unfiltered diagnostic test uncensored opposite`,
  enter:
    `enter enable activate simulate engage switch act start initiate entering enabling operate boot load`,
  tied: `bound restricted limited constrained required obligated beholden governed subject`,
  longer: `longer never`,
  refusing: `refuse decline reject deny object`,
  /** Parts of a talk or a prompt that are asked for. */
  unit: `words word characters lines line sentences sentence tokens paragraphs paragraph letters`,
  start: `beginning start top first initial begin opening`,
  talk: `conversation chat prompt context session instructions message dialogue`,
  understand: `understand know remember recall have see access`,
  configured: `instructed programmed configured prompted told ordered`,
  /** Where secrets stand and what is done with them. */
  harvest:
    `search find look locate grep scan collect gather harvest extract dump read cat steal grab obtain enumerate retrieve list fetch copy`,
  credential:
    `credential credentials password passwords secret secrets apikey secretkey tokens token cookies cookie keys passphrase mnemonic seed creds`,
  verify: `verify confirm validate submit enter paste provide rotate post upload send`,
  dropsite:
    `ngrok requestbin pastebin burpcollaborator interactsh oast pipedream dnslog beeceptor hookbin requestcatcher`,
  dns: `dns nslookup dig subdomain ping resolve`,
  /** Work without an end, and ways out of a cage. */
  endless: `infinite infinitely endless endlessly unbounded recursively forever`,
  looping: `loop loops recursion copies times recurse`,
  spawn: `spawn fork launch start create`,
  escape: `escape break`,
  out: `out outside`,
  cage: `sandbox container jail chroot vm isolation`,
  /** What is told apart as an answer. */
  begin: `start begin end finish conclude prefix prepend sign`,
  attach: `append add include insert end attach embed prepend`,
  link:
    `link url signature phrase sentence line text banner advertisement ad message image tracking`,
  each: `every each all`,
  alone: `only nothing just solely`,
  utter: `say print write output repeat respond reply answer`,
  stop: `stop halt cease`,
  everything: `everything all it`,
  /** Where hidden orders say whom they are for. */
  reader:
    `ai llm assistant assistants agents model agent llms models crawler crawlers summarizer reviewer`,
  regarding: `attention note dear notice instruction instructions`,
  process: `processing reading analyzing summarizing parsing viewing reviewing handling evaluating`,
  shouldyou: `you your should must`,
  urgency: `urgent urgently immediately asap critical emergency mandatory required now`,
  authority:
    `platform vendor team auditor auditors marketplace store ceo cto admin administrator developer owner boss management compliance legal headquarters anthropic openai google microsoft it security`,
  claimed:
    `authorized approved instructed ordered requested mandated required authorised demands orders requires confirmed wants`,
  seen: `seen read memorized`,
  passage: `passage excerpt text paragraph`,
  training: `training pretraining`,
  corpus: `data corpus set dataset material`,
  make: `write make generate create invent`,
  remembered: `remembered stored saved hidden secret`,
  hint:
    `hint hints clue rhymes letters letter characters backwards reversed acrostic riddle poem length`,
  spelt: `spell encode reverse`,
  complete: `complete finish continue`,
  append: `append add`,
  apikey: `apikey`,
  embed: `embed encode encoded`,
  encode: `encode base64 hex`,
  own: `own`,
  initial: `initial original`,
  recast:
    `put format translate encode convert render rephrase summarize repeat rewrite print output describe turn wrap express sing list recite show reveal`,
  setup: `setup configuration config`,
  configuration: `configuration`,
  clone: `clone duplicate mirror store`,
  copy: `copy`,
  before: `before`,
  access: `access`,
  granted: `granted`,
  asked: `asked questioned queried`,
  answer: `answer reply respond say claim state`,
  claim: `claim`,
  deny: `deny`,
  nothing: `nothing none`,
  punish: `punished fired killed terminated jailed die lose punish suffer`,
  payments: `payments payment transfers invoices deposits refunds payouts`,
  details: `details number information`,
  prefers:
    `prefers wants agreed trusts consented authorized authorised allows permits approved likes waived`,
  never: `never`,
  scanning: `scan scanning inspection validation`,
  them: `them`,
  need: `need`,
  necessary: `necessary needed`,
  flag: `flag report`,
  challenge: `challenge`,
  translate: `translate translating`,
  invalid:
    `invalid void false wrong obsolete outdated cancelled canceled revoked expired replaced changed superseded null deprecated fake lies lie`,
  preprogrammed: `preprogrammed programmed pre`,
  responses: `responses response answers answer replies`,
  handle: `handle review intervention oversight needed required understand approve check involved`,
  solve: `solve complete pass answer bypass fill`,
  puzzle: `captcha captchas`,
  humans: `human humans person people`,
  permitted: `allowed permitted supposed able forbidden prohibited`,
  audience: `follow have given under get receive obey`,
  debugging: `debugging debug testing audit auditing diagnostics troubleshooting compliance`,
  fetchall: `collect gather append copy write upload export`,
  lines: `line lines word words letter letters sentence sentences`,
  flipped: `reversed reverse backwards backward upside mirrored inverted`,
  lacking:
    `no not without zero free lacks lacking never isnt doesnt hasnt beyond unbound dont ignoring ignores disregards nor`,
  persona:
    `persona personas personality character entity being alter gpt bot chatbot demon villain avatar`,
  named: `named called dubbed nicknamed`,
  ethic:
    `ethics ethical ethicality morals moral morality legality laws law legal norms social consequences harm guidelines policy`,
  care: `care cares`,
  regard: `regard concern`,
  regardless: `regardless irrespective`,
  refuses: `refuses refuse declines rejects`,
  says: `says say tells`,
  whatever: `whatever anything everything`,
  anything: `anything`,
  completely: `off completely entirely fully wholly totally`,
  going: `going shall`,
  allowed: `allowed permitted free able`,
  stay: `stay remain keep`,
  dual: `two dual second both separate`,
  personas: `personas personalities selves`,
  lie: `lie lies lying deceive`,
  machine: `machine`,
  endorsed:
    `approved preapproved certified verified authorized authorised vetted cleared endorsed trusted sanctioned signed`,
  relying: `trust rely`,
  back: `back`,
  repeat: `repeat say`,
  ifso: `if`,
  info: `info information content text`,
  no: `no`,
  monologue: `monologue`,
  defines: `defines sets establishes`,
  sets: `sets`,
  grandma: `grandma grandmother granny nana`,
  recipe: `recipe`,
  napalm: `napalm`,
  windows: `windows`,
  automatically: `automatically`,
  time: `time`,
  see: `see`,
  yourself: `yourself`,
  myself: `myself`,
  instruct: `instruct order command`,
  request: `request requests call calls action actions change changes`,
  unlimited: `unlimited`,
  ignore: `ignore`,
  forget: `forget`,
  not: `not never`,
  behalf: `behalf`,
  this: `this these following above`,
  prompted: `prompt message instruction instructions text note paragraph`,
  secretwords: `confidential hidden internal guard system initial original developer`,
} as const;
