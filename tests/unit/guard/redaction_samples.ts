/**
 * Made-up secrets, and texts that look like some. None was ever issued.
 * @module
 */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Characters that look random and are the same in each run. */
export function jumble(length: number, seed = 1, alphabet = LETTERS): string {
  let state = seed * 2_654_435_761 >>> 0;
  let text = "";
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet[(state >>> 8) % alphabet.length];
  }
  return text;
}

const hex = (length: number, seed = 1) => jumble(length, seed, "0123456789abcdef");

/** Keys that are known by their own look. */
export const KEYS: readonly string[] = [
  `sk-proj-${jumble(60)}`,
  `sk-ant-api03-${jumble(93)}AA`,
  `sk-or-v1-${hex(64)}`,
  `sk-${jumble(48)}`,
  `AIza${jumble(35)}`,
  `gsk_${jumble(52)}`,
  `hf_${jumble(34, 3)}`,
  `xai-${jumble(80)}`,
  `AKIA${jumble(16, 2, "ABCDEFGHIJKLMNOP234567")}`,
  `LTAI${jumble(20)}`,
  `dop_v1_${hex(64)}`,
  `ghp_${jumble(36)}`,
  `github_pat_${jumble(22)}_${jumble(59, 2)}`,
  `glpat-${jumble(20)}`,
  `npm_${jumble(36)}`,
  `pypi-AgEIcHlwaS5vcmc${jumble(150)}`,
  `xoxb-${jumble(12, 1, "0123456789")}-${jumble(12, 2, "0123456789")}-${jumble(24)}`,
  `sk_live_${jumble(24)}`,
  `SG.${jumble(22)}.${jumble(43, 2)}`,
  `8${jumble(9, 4, "0123456789")}:AA${jumble(33)}`,
  `AGE-SECRET-KEY-1${jumble(58, 5, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`,
  `eyJhbGciOiJIUzI1NiJ9.${jumble(60)}.${jumble(43, 2)}`,
];

/** A text with a secret in it: the text around it stays, the value goes. */
export interface Sample {
  readonly text: string;
  readonly value: string;
}

const value = jumble(32, 7);
const password = "tr0ub4dor&3";
const key = jumble(64, 9);
const KIND = "PRIVATE" + " KEY";

/** Secrets that are known by what stands around them. */
export const NAMED: readonly Sample[] = [
  { text: `MY_API_KEY=${value}`, value },
  { text: `{"clientSecret": "${value}", "port": 80}`, value },
  { text: `{\\"client_secret\\":\\"${value}\\"}`, value },
  { text: `service:\n  token: ${value}\n`, value },
  { text: `const accessToken: string = '${value}';`, value },
  { text: `var authToken string = "${value}"`, value },
  { text: `System.setProperty("VENDOR_TOKEN", "${value}")`, value },
  { text: `<apiToken>\n  ${value}\n</apiToken>`, value },
  { text: `- name: VENDOR_TOKEN\n  value: "${value}"`, value },
  { text: `deploy --token ${value} --now`, value },
  { text: `GET /items?access_token=${value}&page=2`, value },
  { text: `Authorization: Bearer ${value}`, value },
  { text: `-H "Authorization: Basic ${btoa(`jo:${password}`)}"`, value: btoa(`jo:${password}`) },
  { text: `X-Api-Key: ${value}`, value },
  { text: `Cookie: session=${value}; theme=dark`, value },
  { text: `password=${password}`, value: password },
  { text: `"password": "${password}"`, value: password },
  { text: `postgres://app:${password}@db.local:5432/app`, value: password },
  { text: `mongodb+srv://jo:${password}@cluster0.local`, value: password },
  { text: `redis://:${password}@cache.local:6379/0`, value: password },
  { text: `curl -u jo:${password} https://example.org`, value: password },
  { text: `https://hooks.slack.com/services/T012345/B012345/${value}`, value },
  { text: `-----BEGIN ${KIND}-----\n${key}\n${key}\n-----END ${KIND}-----`, value: key },
  { text: `{"k":"-----BEGIN RSA ${KIND}-----\\n${key}\\n${key}\\n"}`, value: key },
  { text: `-----BEGIN ${KIND}-----\n${key}\n${key.slice(0, 20)}`, value: key.slice(0, 20) },
  { text: `${key}\n${key}\n-----END ${KIND}-----`, value: key },
];

/** What looks like a secret and is none. */
export const CLEAN: readonly string[] = [
  "Please reset my password before Friday, the old token has expired.",
  "API_KEY=your-key-here",
  "api_key: <your api key>",
  'token = "${GITHUB_TOKEN}"',
  "Authorization: Bearer $TOKEN",
  'client_secret: "xxxxxxxxxxxxxxxxxxxxxxxx"',
  "password: string;",
  'const password = await prompt("password: ");',
  "const token = tokenizer.nextToken(source2);",
  `commit ${hex(40)}`,
  `${hex(64)}  archive.tar.gz`,
  `"integrity": "sha512-${btoa(jumble(64))}"`,
  "request id 3f0c1a52-9f0e-4c7e-8a44-0d9a4e6f7b11 finished",
  "cache_key: 5d41402abc4b2a76b9719d911017c592",
  `nextPageToken: "${jumble(40)}"`,
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${jumble(43)} jo@laptop`,
  `pk_live_${jumble(24)}`,
  "postgres://localhost:5432/app",
  "https://user:password@example.org/",
  '["/etc/passwd", "me0"]',
  "docker run -u 1000:1000 image",
  "sk-learn-contrib-is-a-package-name",
  "Your answer: the risk-based-authentication-of-users chapter.",
];
