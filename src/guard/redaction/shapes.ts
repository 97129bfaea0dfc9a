/**
 * What keys look like that can be told by their first characters.
 * @module
 */
import type { Alphabet } from "./characters.ts";

/** One shape of keys. */
export interface Shape {
  readonly kind: string;
  /** What such keys begin with. */
  readonly starts: readonly string[];
  /** What follows, and how long it is. */
  readonly alphabet: Alphabet;
  readonly least: number;
  readonly most: number;
}

type Row = readonly [
  kind: string,
  starts: string,
  alphabet: Alphabet,
  least: number,
  most?: number,
];

/** Where no greatest length is given. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Models. */
const MODEL_ROWS: readonly Row[] = [
  ["anthropic key", "sk-ant-", "dash", 75],
  ["openrouter key", "sk-or-", "dash", 20],
  ["openai key", "sk-proj- sk-svcacct- sk-admin- sk-None-", "dash", 20],
  ["langfuse key", "sk-lf-", "dash", 20],
  ["moonshot key", "sk-kimi-", "dash", 20],
  ["api key", "sk-", "letters", 20, 80],
  ["elevenlabs key", "sk_", "hex", 40, 64],
  ["google api key", "AIza", "dash", 35, 35],
  ["google oauth secret", "GOCSPX-", "dash", 20],
  ["google access token", "ya29.", "dash", 20],
  ["google refresh token", "1//0", "dash", 30],
  ["groq key", "gsk_", "letters", 30],
  ["xai key", "xai-", "dash", 40],
  ["nvidia key", "nvapi-", "dash", 40],
  ["fireworks key", "fw_", "letters", 20, 40],
  ["replicate token", "r8_", "dash", 30, 45],
  ["hugging face token", "hf_ api_org_", "letters", 30, 45],
  ["cerebras key", "csk-", "letters", 30],
  ["perplexity key", "pplx-", "letters", 32],
  ["together key", "tgp_v1_", "dash", 30],
  ["voyage key", "pa-", "dash", 40, 50],
  ["jina key", "jina_", "dash", 40],
  ["tavily key", "tvly-", "dash", 20],
  ["firecrawl key", "fc-", "hex", 32, 32],
  ["langsmith key", "lsv2_pt_ lsv2_sk_", "word", 30],
  ["pinecone key", "pcsk_", "dash", 30],
  ["brave search key", "BSA", "dash", 24, 32],
  ["bedrock key", "ABSK", "base64", 60],
  ["bedrock key", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", "base64", 0],
];

/** Clouds and hosting. */
const CLOUD_ROWS: readonly Row[] = [
  ["aws access key", "AKIA ASIA ABIA ACCA A3T", "capitals", 16, 17],
  ["alibaba access key", "LTAI", "letters", 12, 26],
  ["tencent access key", "AKID", "letters", 28, 36],
  ["yandex key", "AQVN", "dash", 30, 45],
  ["yandex key", "YC", "dash", 38, 38],
  ["digitalocean token", "dop_v1_ doo_v1_ dor_v1_", "hex", 40, 80],
  ["cloudflare key", "v1.0-", "dash", 100],
  ["heroku key", "HRKU-", "dash", 30],
  ["fly token", "fo1_", "dash", 40, 50],
  ["fly token", "fm1a_ fm1r_ fm2_", "base64", 60],
  ["netlify token", "nfp_ nfc_ nfo_ nfu_", "letters", 30],
  ["render key", "rnd_", "letters", 20],
  ["vercel token", "vcp_ vci_ vca_ vcr_ vck_", "letters", 24],
  ["supabase key", "sbp_", "hex", 40, 40],
  ["supabase key", "sb_secret_", "dash", 20],
  ["neon key", "napi_", "letters", 40],
  ["planetscale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", "any", 20],
  ["databricks token", "dapi", "hex", 32, 34],
  ["doppler token", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", "dots", 30],
  ["vault token", "hvs. hvb. hvr.", "dash", 20],
  ["pulumi token", "pul-", "hex", 40, 40],
  ["prefect token", "pnu_ pnb_", "letters", 30, 40],
  ["tailscale key", "tskey-", "dash", 20],
  ["openshift token", "sha256~", "dash", 40, 48],
  ["scalingo token", "tk-us-", "dash", 40],
  ["grafana token", "glc_", "base64", 28],
  ["grafana token", "glsa_", "word", 40],
  ["sentry token", "sntryu_", "hex", 64, 64],
  ["sentry token", "sntrys_eyJ", "base64", 60],
  ["dynatrace token", "dt0c01.", "dots", 60],
  ["new relic key", "NRAK- NRII- NRAA- NRJS- NRIQ-", "letters", 16],
  ["infracost key", "ico-", "letters", 32, 32],
];

/** Code, packages and building. */
const CODE_ROWS: readonly Row[] = [
  ["github token", "ghp_ gho_ ghu_ ghs_ ghr_", "letters", 30],
  ["github token", "github_pat_", "word", 22],
  ["gitlab token", "glpat-", "dots", 20],
  ["gitlab token", "gldt- glimt- glptt- glffct- glrt- glcbt-", "dash", 20, 50],
  ["gitlab token", "glsoat- glft-", "dash", 20, 24],
  ["gitlab token", "glagent-", "dash", 50],
  ["gitlab token", "gloas-", "dash", 64, 64],
  ["gitlab token", "GR1348941", "dash", 20, 50],
  ["npm token", "npm_", "letters", 30],
  ["jsr token", "jsrp_ jsr_", "letters", 30],
  ["deno token", "ddp_ ddo_ ddw_", "letters", 30],
  ["pypi token", "pypi-", "dash", 50],
  ["rubygems key", "rubygems_", "hex", 40],
  ["clojars token", "CLOJARS_", "letters", 40],
  ["docker token", "dckr_pat_ dckr_oat_", "dash", 20],
  ["circleci token", "CCIPAT_", "dash", 30],
  ["buildkite token", "bkua_ bkpt_", "letters", 30],
  ["sonar token", "squ_ sqp_ sqa_", "letters", 40, 40],
  ["snyk token", "snyk_uat. snyk_sat.", "dots", 30],
  ["sourcegraph token", "sgp_ sgp_local_", "hex", 40, 40],
  ["sourcegraph token", "sgp_", "word", 57, 57],
  ["artifactory key", "AKCp", "letters", 10],
  ["artifactory token", "cmVmdGtuOj cmVmdG cmVmdy", "letters", 54, 64],
  ["postman key", "PMAK-", "dash", 50],
  ["atlassian token", "ATATT3 ATCTT3 ATBB", "any", 24],
  ["linear key", "lin_api_ lin_oauth_", "letters", 30],
  ["figma token", "figd_", "dash", 30],
  ["octopus key", "API-", "capitals", 26, 26],
  ["harness token", "pat. sat.", "dots", 50],
  ["launchdarkly key", "sdk- api- mob-", "dash", 36, 36],
];

/** Messages, payment and other services. */
const SERVICE_ROWS: readonly Row[] = [
  ["slack token", "xoxa- xoxr-", "dots", 10],
  ["slack token", "xoxb- xoxp- xoxs- xoxe- xoxo- xoxc- xoxd- xoxe.", "dots", 18],
  ["slack token", "xapp-", "dash", 20],
  ["stripe key", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", "letters", 10],
  ["signing secret", "whsec_", "base64", 20],
  ["square token", "sq0atp- sq0csp-", "dash", 20],
  ["sendgrid key", "SG.", "dots", 60, 70],
  ["twilio key", "SK", "hex", 32, 32],
  ["mailgun key", "key- pubkey-", "hex", 32, 32],
  ["shopify token", "shpat_ shpss_ shpca_ shppa_", "hex", 32, 32],
  ["notion token", "ntn_ secret_", "letters", 40, 50],
  ["matrix token", "syt_", "word", 20],
  ["airtable token", "pat", "dots", 70, 90],
  ["contentful token", "CFPAT-", "dash", 40],
  ["hubspot token", "pat-na1- pat-eu1-", "dash", 36],
  ["mapbox token", "sk.eyJ", "dots", 60],
  ["facebook token", "EAACEdEose0cBA EAAC EAAM EAAG", "letters", 40],
  ["easypost key", "EZAK EZTK", "letters", 54, 58],
  ["flutterwave key", "FLWSECK_TEST- FLWSECK-", "dash", 12],
  ["lob key", "live_pub_ test_pub_ live_ test_", "hex", 31, 35],
  ["plaid token", "access-sandbox- access-development- access-production-", "dash", 36],
  ["readme token", "rdme_", "letters", 60],
  ["settlemint token", "sm_pat_ sm_aat_ sm_sat_", "letters", 16],
  ["typeform token", "tfp_", "dots", 40],
  ["duffel token", "duffel_live_ duffel_test_", "dash", 30],
  ["authress key", "sc_ ext_ scauth_ authress_", "dots", 40],
  ["adobe secret", "p8e-", "letters", 32],
  ["1password token", "ops_eyJ", "base64", 100],
  ["age key", "AGE-SECRET-KEY-1", "capitals", 40],
];

/** Every shape. */
export const SHAPES: readonly Shape[] = [
  ...MODEL_ROWS,
  ...CLOUD_ROWS,
  ...CODE_ROWS,
  ...SERVICE_ROWS,
].map(([kind, starts, alphabet, least, most = NO_LIMIT]) => ({
  kind,
  // The longest first: one may begin with another.
  starts: starts.split(" ").toSorted((a, b) => b.length - a.length),
  alphabet,
  least,
  most,
}));
