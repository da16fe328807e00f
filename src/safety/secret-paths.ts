/** Names of files that hold keys, tokens or passwords; tested on the last part of a path, in lower case. */
const SECRET_NAME = new RegExp(
  [
    String.raw`\.env(?:rc|[.\-_].*)?`,
    String.raw`[\w-]+\.env`,
    'id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?',
    String.raw`.*\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx|ppk|keytab|ovpn)`,
    String.raw`\.?credentials?(?:[.\-_].*)?`,
    String.raw`.*[-_.]credentials(?:\.(?:json|ya?ml|toml|ini|csv|txt|xml|cfg))?`,
    String.raw`service[-_]?account.*\.json`,
    String.raw`.*firebase-adminsdk.*\.json`,
    String.raw`client[-_]secrets?.*\.json`,
    String.raw`secrets?\.[\w.]+`,
    String.raw`\.(?:npmrc|pypirc|netrc|pgpass|git-credentials|htpasswd|vault-token|dockercfg|boto|s3cfg|my\.cnf|terraformrc)`,
    '_netrc',
    String.raw`terraform\.tfstate(?:\..*)?`,
    String.raw`.*\.tfstate(?:\.backup)?`,
    'g?shadow-?',
    String.raw`\.(?:[\w-]+[-_.])?token`,
    'master\\.key',
  ]
    .map((pattern) => `(?:${pattern})`)
    .join('|')
    .replace(/^/, '^(?:')
    .replace(/$/, ')$'),
);

/** Templates to be copied, and the public halves of keys. */
const HARMLESS_NAME =
  /\.(?:example|sample|template|test|dist|defaults?|schema|tpl|pub|d\.ts)(?:\.(?:json|ya?ml|toml|ini))?$|^\.env\.(?:example|sample|template|test|dist|defaults?|schema)\b|^(?:example|sample|template)\.env$|(?:^|[-_])(?:versions?|build|ci)\.env$|\.(?:crt|cer|csr)$|(?:^|[-_.])(?:ca|cacert|cacerts|cert|certs|certificate|chain|fullchain|public|pub|dhparams?|csr|bundle)\.pem$/;

/** Program text may be called `credentials.py`; it is read like any other. */
const SOURCE_CODE =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|swift|c|cc|cpp|h|hpp|cs|php|ex|exs|scala|vue|svelte|md|mdx|rst|html|css|sh|lua|dart|zig|ipynb)$/;

const SECRET_FOLDER = /(?:^|\/)(?:\.aws|\.ssh|\.gnupg|\.azure|\.password-store)(?:\/|$)/;
const SECRET_FILE =
  /(?:^|\/)(?:run\/secrets\/.+|\.kube\/config|\.docker\/config\.json|\.config\/gh\/hosts\.yml|\.config\/gcloud\/.*|\.cargo\/credentials(?:\.toml)?|proc\/[^/]+\/(?:environ|mem)|\.m2\/settings\.xml|\.gem\/credentials|\.config\/hub|\.composer\/auth\.json|\.codex\/auth\.json)$|\.keychain(?:-db)?$|\/keyrings\/|\/\.\w+_history$/;

/** True when a file of this name keeps secrets, by any part of its path; letter case means nothing. */
export function isSecretPath(path: string): boolean {
  if (path.length > 4096) return false;
  const normal = path.replaceAll('\\', '/').toLowerCase();
  const name = normal.slice(normal.lastIndexOf('/') + 1);
  if (SECRET_FOLDER.test(normal)) return !name.endsWith('.pub');
  if (SECRET_FILE.test(normal)) return true;
  // In this order because most paths of a project are source code, and the pattern of secret names is dear.
  return !SOURCE_CODE.test(name) && SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}

/** Names that a pattern such as `.e*` or `id_?sa` could stand for. */
const WELL_KNOWN = [
  '.env',
  '.env.local',
  '.env.production',
  '.envrc',
  'id_rsa',
  'id_ed25519',
  'id_ecdsa',
  '.npmrc',
  '.netrc',
  '.pgpass',
  '.git-credentials',
  'credentials.json',
  'server.key',
  'server.pem',
  '.aws',
  '.ssh',
];

/** True when a shell pattern is aimed at secret files; a bare `*` is aimed at nothing. */
export function isSecretPattern(pattern: string): boolean {
  if (isSecretPath(pattern)) return true;
  const name = pattern.slice(pattern.lastIndexOf('/') + 1).toLowerCase();
  if (name.length > 64 || !/[\w.]/.test(name) || !/[*?[]/.test(name)) return false;
  if (/^\*\.(?!env|pem|key|p)/.test(name) || /\*.*\*.*\*/.test(name)) return false;
  const source = name
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replace(/\[!/g, '[^');
  try {
    const expression = new RegExp(`^${source}$`);
    // Shell patterns see a leading dot only when they write one.
    return WELL_KNOWN.some((known) => known.startsWith('.') === name.startsWith('.') && expression.test(known));
  } catch {
    return true;
  }
}
