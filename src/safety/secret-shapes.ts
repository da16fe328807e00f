/** A family of keys that can be told by its look alone. */
interface SecretShape {
  readonly kind: string;
  /** Source of a regular expression without capturing groups and without nested repetition. */
  readonly source: string;
}

const WORD = '[A-Za-z0-9]';
const SLUG = '[\\w-]';
const HEX = '[0-9a-f]';

const SHAPES: readonly SecretShape[] = [
  { kind: 'anthropic-key', source: `sk-ant-[a-z]{2,8}\\d{2}-${SLUG}{20,}` },
  { kind: 'openrouter-key', source: `sk-or-v1-${HEX}{40,}` },
  { kind: 'openai-key', source: `sk-(?:proj|svcacct|admin|None)-${SLUG}{20,}` },
  { kind: 'openai-key', source: `sk-${WORD}{32,}` },
  { kind: 'github-token', source: `gh[pousr]_${WORD}{30,}` },
  { kind: 'github-token', source: 'github_pat_\\w{22,}' },
  { kind: 'gitlab-token', source: `gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|imt|ffct|oas)-${SLUG}{20,}` },
  { kind: 'aws-key-id', source: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])' },
  { kind: 'google-key', source: `AIza${SLUG}{35}` },
  { kind: 'google-oauth', source: `(?:GOCSPX-${SLUG}{28}|ya29\\.${SLUG}{30,})` },
  { kind: 'slack-token', source: `xox[abeoprs](?:\\.xox[bp])?-${SLUG}{10,}` },
  { kind: 'slack-token', source: `xapp-\\d-${SLUG}{20,}` },
  { kind: 'slack-webhook', source: 'https://hooks\\.slack\\.com/(?:services|workflows|triggers)/[\\w/+-]{20,}' },
  { kind: 'discord-webhook', source: `https://(?:\\w+\\.)?discord(?:app)?\\.com/api/webhooks/\\d{16,20}/${SLUG}{40,}` },
  { kind: 'discord-token', source: `[MNO]${SLUG}{23,27}\\.${SLUG}{6}\\.${SLUG}{27,40}` },
  { kind: 'stripe-key', source: `[sr]k_(?:live|test)_${WORD}{16,}` },
  { kind: 'stripe-webhook', source: `whsec_[A-Za-z0-9+/=]{24,}` },
  { kind: 'twilio-key', source: `SK${HEX}{32}(?![0-9a-zA-Z])` },
  { kind: 'sendgrid-key', source: `SG\\.${SLUG}{16,32}\\.${SLUG}{16,64}` },
  { kind: 'mailgun-key', source: `key-${HEX}{32}` },
  { kind: 'mailchimp-key', source: `${HEX}{32}-us\\d{1,2}(?![0-9a-z])` },
  { kind: 'sendinblue-key', source: `xkeysib-${HEX}{64}-${WORD}{16}` },
  { kind: 'npm-token', source: `npm_${WORD}{36}` },
  { kind: 'pypi-token', source: `pypi-AgE${SLUG}{50,}` },
  { kind: 'rubygems-key', source: `rubygems_${HEX}{48}` },
  { kind: 'crates-token', source: `cio${WORD}{32}(?![A-Za-z0-9])` },
  { kind: 'nuget-key', source: 'oy2[a-z0-9]{43}(?![A-Za-z0-9])' },
  { kind: 'docker-token', source: `dckr_(?:pat|oat)_${SLUG}{24,}` },
  { kind: 'digitalocean-token', source: `do[opr]_v1_${HEX}{64}` },
  { kind: 'heroku-key', source: `HRKU-${SLUG}{36,}` },
  { kind: 'vault-token', source: `hv[sbr]\\.${SLUG}{24,}` },
  { kind: 'terraform-token', source: `${WORD}{14}\\.atlasv1\\.${SLUG}{60,}` },
  { kind: 'azure-secret', source: '[\\w~.]{3}\\dQ~[\\w~.-]{31,34}' },
  { kind: 'databricks-token', source: `dapi${HEX}{32}(?:-\\d)?` },
  { kind: 'huggingface-token', source: `hf_${WORD}{30,}` },
  { kind: 'replicate-token', source: `r8_${WORD}{37}` },
  { kind: 'groq-key', source: `gsk_${WORD}{40,}` },
  { kind: 'xai-key', source: `xai-${WORD}{60,}` },
  { kind: 'perplexity-key', source: `pplx-${WORD}{40,}` },
  { kind: 'nvidia-key', source: `nvapi-${SLUG}{50,}` },
  { kind: 'langsmith-key', source: `lsv2_[ps][tk]_${HEX}{32}_${HEX}{10}` },
  { kind: 'tavily-key', source: `tvly-(?:dev-|prod-)?${WORD}{20,}` },
  { kind: 'linear-key', source: `lin_(?:api|oauth|wh)_${WORD}{32,}` },
  { kind: 'notion-token', source: `ntn_${WORD}{40,}` },
  { kind: 'figma-token', source: `fig[duo]r?_${SLUG}{36,}` },
  { kind: 'postman-key', source: `PMAK-${HEX}{24}-${HEX}{34}` },
  { kind: 'newrelic-key', source: 'NR(?:AK|JS|II|RA)-[A-Z0-9]{19,}' },
  { kind: 'sentry-token', source: `sntry[su]_[A-Za-z0-9+/=_-]{40,}` },
  { kind: 'grafana-token', source: `gl(?:c_[A-Za-z0-9+/]{32,}={0,2}|sa_${WORD}{32}_${HEX}{8})` },
  { kind: 'shopify-token', source: 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}' },
  { kind: 'square-token', source: `sq0(?:atp|csp|idp)-${SLUG}{22,}` },
  { kind: 'telegram-token', source: `\\d{8,10}:AA${SLUG}{33}` },
  { kind: 'planetscale-token', source: 'pscale_(?:tkn|pw|oauth)_[\\w.-]{32,}' },
  { kind: 'supabase-key', source: `(?:sbp_${HEX}{40}|sb_secret_${SLUG}{20,})` },
  { kind: 'netlify-token', source: `nf[pc]_${WORD}{36,}` },
  { kind: 'vercel-token', source: `vc[pkicar]_${WORD}{24,}` },
  { kind: 'fly-token', source: `(?:fm\\d[ar]?_[A-Za-z0-9+/=_-]{40,}|fo1_${SLUG}{43})` },
  { kind: 'doppler-token', source: `dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{40,}` },
  { kind: 'age-key', source: 'AGE-SECRET-KEY-1[0-9A-Z]{58}' },
  { kind: 'onepassword-token', source: `ops_eyJ${SLUG}{100,}` },
  { kind: 'atlassian-token', source: `AT(?:ATT3|CTT3|BB)[\\w=-]{24,}` },
  { kind: 'airtable-token', source: `pat${WORD}{14}\\.${HEX}{64}` },
  { kind: 'contentful-token', source: `CFPAT-${SLUG}{43}` },
  { kind: 'dropbox-token', source: `sl\\.(?:u\\.)?${SLUG}{130,}` },
  { kind: 'dynatrace-token', source: 'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}' },
  { kind: 'hubspot-token', source: `pat-(?:na|eu)\\d-${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}` },
  { kind: 'pulumi-token', source: `pul-${HEX}{40}` },
  { kind: 'tailscale-key', source: `tskey-[a-z]{3,8}-${WORD}{6,}(?:-${WORD}{10,})?` },
  { kind: 'buildkite-token', source: `bk[au]a_${HEX}{40}` },
  { kind: 'circleci-token', source: `CCIPAT_${WORD}{22}_${HEX}{40}` },
  { kind: 'sonar-token', source: `sq[pua]_${HEX}{40}` },
  { kind: 'sourcegraph-token', source: `sgp_(?:[\\w]{16}_)?${HEX}{40}` },
  { kind: 'artifactory-key', source: `AKC[pS]${WORD}{69,}` },
  { kind: 'resend-key', source: `re_${WORD}{8}_${WORD}{24}` },
  { kind: 'render-key', source: `rnd_${WORD}{28,}` },
  { kind: 'neon-key', source: `napi_${WORD}{40,}` },
  { kind: 'prefect-key', source: `pn[ub]_${WORD}{36}` },
  { kind: 'mapbox-token', source: `sk\\.eyJ${SLUG}{60,}\\.${SLUG}{20,}` },
  { kind: 'facebook-token', source: `(?<![+/])EAA[A-Z]${WORD}{80,}(?![+/])` },
  { kind: 'jwt', source: `eyJ${SLUG}{10,}\\.eyJ${SLUG}{10,}\\.${SLUG}{16,}` },
];

/** All families in one expression; group N belongs to `kindOfGroup(N)`. */
export function shapePattern(): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])(?:${SHAPES.map(({ source }) => `(${source})`).join('|')})`, 'g');
}

/** The family behind the group that matched. */
export function kindOfMatch(match: RegExpExecArray): string {
  for (let group = 1; group < match.length; group++) {
    if (match[group] !== undefined) return SHAPES[group - 1]?.kind ?? 'key';
  }
  return 'key';
}

// A key family is known by its prefix, so only what plainly says that it is none is left alone.
const DOCUMENTARY = /example|x{4,}|\.{3}|\*{3}|your[-_]|placeholder|changeme|redacted|(.)\1{11}/i;

/** True when a token of a known family only stands for one in a document. */
export function isDocumentary(token: string): boolean {
  return DOCUMENTARY.test(token);
}

const COMMON =
  /^(?:pass(?:word|phrase|wd)?\d{0,4}|secret\w{0,3}|token|admin\d{0,4}|root|user(?:name)?|test(?:ing)?\d{0,4}|postgres\w{0,3}|mysql|guest|default|none|null|undefined|true|false|string|number|boolean|required|optional|hunter2|letmein|qwerty\w*|development|production|localhost|bearer|basic|public|private|disabled|enabled)$/i;
const PLACEHOLDER =
  /example|sample|dummy|fake|place-?_?holder|change-?_?(?:me|this|it)|your[-_]?|my[-_]?(?:secret|token|key|password|api)|\*{2,}|^[<[{(]|[>\]})]$|\$\{|\{\{|%\(|todo|redacted|insert|replace|mock|stub|not-?_?a?-?_?real|super-?_?secret|some-?_?(?:secret|token|key|password)|-here$|_here$|0{6,}|1234|abcd|deadbeef|foobar|lorem|qwerty|secret-?_?key$|^test[-_]|[-_]test$|correct-?horse/i;

/** Words that stand where a secret would stand: documentation, defaults, references. */
export function isPlaceholder(value: string): boolean {
  // In one case only: random text holds an `Xxx` now and then.
  return COMMON.test(value) || PLACEHOLDER.test(value) || /x{3,}|X{3,}/.test(value) || new Set(value).size < 5;
}

/** Bits of information per character, from how often each one occurs. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    sum -= share * Math.log2(share);
  }
  return sum;
}
