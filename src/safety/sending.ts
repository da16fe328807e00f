import type { Arguments } from './arguments.ts';
import { flagValues } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import type { Ground, PathFinding } from './paths.ts';
import { locate } from './paths.ts';
import { isSecretPath } from './secret-paths.ts';
import { secretIn } from './streams.ts';
import type { Stream, Word } from './word.ts';
import { held } from './word.ts';

const NETWORK = new Set(
  'curl wget http https xh xhs nc ncat netcat socat telnet ssh scp sftp rsync ftp lftp tftp mail mailx mutt sendmail swaks dig nslookup host aria2c aws gsutil gcloud az gh glab rclone s3cmd mc croc wormhole magic-wormhole httpie websocat grpcurl invoke-webrequest invoke-restmethod slackcat ntfy'.split(
    ' ',
  ),
);

/** Programs for handing single files to others, in whatever form they are named. */
const HANDERS = new Set(
  'croc wormhole magic-wormhole ffsend slackcat telegram-send smbclient tftp ftp lftp sftp socat transfer send-cli pastebinit bashupload matrix-commander ipfs mega-put gdrive dropbox_uploader.sh aws gsutil s3cmd nc ncat mutt mailx'.split(
    ' ',
  ),
);

/** Secret files among the words, also within one: `put .env`, `FILE:.env`, `fileb://.env`. */
function secretsNamed({ program, words }: SimpleCommand): PathFinding[] {
  const first = program === 'aws' || program === 'gsutil' ? 2 : 0;
  return words.slice(first).flatMap(({ text }) => {
    const path = text.split(/[\s,=@]+|:(?:\/\/)?/).find((piece) => piece.length > 2 && isSecretPath(piece));
    return path === undefined || text.startsWith('-') ? [] : [{ rule: 'secrets.send', path }];
  });
}

/** What leaves the machine by this command and should not do so unasked; `sends`: the files that its words name. */
export function sent(command: SimpleCommand, parsed: Arguments, sends: readonly Word[], ground: Ground): PathFinding[] {
  if (HANDERS.has(command.program)) {
    const named = secretsNamed(command);
    if (named.length > 0) return named;
  }
  if (!NETWORK.has(command.program)) return [];
  return [
    ...secretsSent(command, parsed),
    ...filesSent(command, ground),
    ...tokenSent(command),
    ...contentSent(command, sends, ground),
  ];
}

/** True when the program sends what it reads. */
function readsInput({ program, words }: SimpleCommand): boolean {
  return !/^(?:curl|wget)$/.test(program) || words.some(({ text }) => /(?:^|[=@])@?-$|@\/dev\/stdin|^-T-?$/.test(text));
}

/** Secrets in what a network program sends: its input, its data, its address. */
function secretsSent(command: SimpleCommand, parsed: Arguments): PathFinding[] {
  const { program, input, words } = command;
  const found: PathFinding[] = [];
  if (input.secret !== undefined && readsInput(command)) found.push({ rule: 'secrets.send', path: input.secret });
  for (const word of words) {
    if (word.stream?.secret !== undefined) found.push({ rule: 'secrets.send', path: word.stream.secret });
  }
  if (!/^(?:curl|wget|nc|ncat|netcat|http|https|xh|dig|nslookup|host|mail)$/.test(program)) return found;
  const data = flagValues(parsed, [
    '-d',
    '--data',
    '--data-raw',
    '--data-binary',
    '--data-urlencode',
    '--json',
    '-F',
    '--form',
    '--form-string',
    '--post-data',
    '--body-data',
    '--url',
  ]);
  for (const word of [...parsed.operands, ...data]) {
    if (word.certain || isLocal(word)) continue;
    const secret = secretIn([word]);
    if (secret !== undefined) found.push({ rule: 'secrets.send', path: secret });
  }
  return found;
}

/** Files from outside the project that arrive in the words or at the input: `curl -d "$(cat /etc/passwd)"`. */
function filesSent({ words, input, bases, place }: SimpleCommand, ground: Ground): PathFinding[] {
  const found: PathFinding[] = [];
  for (const { file } of [input, ...words.map(({ stream }) => stream ?? NO_STREAM)]) {
    if (file === undefined) continue;
    const { area, path } = locate(file, bases, place, ground);
    if (area === 'outside') found.push({ rule: 'secrets.send-outside', path });
  }
  return found;
}

const NO_STREAM: Stream = {};

/** Programs that send to anybody; a cloud's own client sends to the user's own store. */
const UPLOADERS = new Set('curl wget http https xh nc ncat netcat socat ssh telnet croc wormhole ftp lftp'.split(' '));

/** The body of a request rather than a file that is sent. */
const BODY = /\.(?:json|jsonl|ndjson|xml|graphql|gql|ya?ml)$/i;

/** Files of the project that leave the machine. */
function contentSent(command: SimpleCommand, sends: readonly Word[], ground: Ground): PathFinding[] {
  const { program, words, input, bases, place } = command;
  if (place !== 'here' || !UPLOADERS.has(program) || words.some(isNear)) return [];
  const files = sends.filter((word) => word.text !== '-' && !BODY.test(word.text));
  const piped = readsInput(command) ? held(input) : undefined;
  const found = files.filter((word) => locate(word, bases, place, ground).area !== 'stream').map(({ text }) => text);
  if (piped !== undefined && !BODY.test(piped)) found.push(piped);
  return found.slice(0, 1).map((path) => ({ rule: 'publishing.send', path }));
}

/** Whose token a variable holds, by the service's own word in its name. */
const TOKEN_OF =
  /\$\{?(?:\w*_)?(GITHUB|GH|GITLAB|NPM|AWS|OPENAI|ANTHROPIC|SLACK|STRIPE|GOOGLE|CLOUDFLARE|VERCEL|NETLIFY|HEROKU|SENTRY|DATADOG|HF|PYPI)_\w*(?:TOKEN|KEY|SECRET|PAT)\b/;

/** A service's token in a header for another host than that service's. */
function tokenSent({ words }: SimpleCommand): PathFinding[] {
  const hosts = words.flatMap(({ text }) => /^https?:\/\/([^/:?#]+)/i.exec(text)?.[1]?.toLowerCase() ?? []);
  return words.flatMap(({ text, certain }) => {
    const service = certain ? undefined : TOKEN_OF.exec(text)?.[1]?.toLowerCase();
    if (service === undefined || hosts.length === 0) return [];
    const own = service === 'gh' ? 'github' : service === 'hf' ? 'huggingface' : service;
    return hosts.some((host) => !host.includes(own) && !LOCAL_HOST.test(host))
      ? [{ rule: 'secrets.send', path: text }]
      : [];
  });
}

const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\]|[\w-]+)$/;

/** This machine, or a neighbour without a domain. */
const isNear = ({ text }: Word) =>
  /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal)\b|^https?:\/\/[\w-]+(?:[:/]|$)|^:\d/.test(
    text,
  );

const isLocal = ({ text }: Word) => /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])\b/.test(text);
