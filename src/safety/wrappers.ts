// Long because it is a table: the programs that run other programs, with the options that take a value.
import { shellQuoted } from '../platform/shell-quote.ts';
import type { Place } from './command.ts';
import type { Nested } from './nested.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** A program that runs the command behind its own options. */
interface Wrapper {
  /** Options that take the next word as their value. */
  readonly valued?: string;
  /** Words of its own before the command: `timeout 5 rm`, `chroot dir rm`. */
  readonly skip?: number;
  /** First operands that must be there: `uv run`, `docker exec`. */
  readonly sub?: string;
  /** Its own options end at its first operand, as those of `docker run` at the image. */
  readonly ends?: true;
  /** `X=y` before the command sets a variable for it. */
  readonly assigns?: boolean;
  /** The words are joined and given to a shell. */
  readonly joined?: boolean;
  /** Each operand is the text of one shell command: `hyperfine 'a' 'b'`. */
  readonly texts?: boolean;
  /** Options whose value is text for a shell: `su -c`. */
  readonly command?: string;
  /** The words belong to this program: `yarn workspace x run y`. */
  readonly prefix?: string;
  /** The program is named as a package, maybe with its version: `npx rimraf@5`. */
  readonly package?: boolean;
  /** What stands behind the text of such an option belongs to it. */
  readonly appends?: boolean;
  /** The option whose value is the program that the words go to; without it the one that the image is made for. */
  readonly entry?: string;
  /** Only such options carry a command; operands are something else. */
  readonly only?: boolean;
  /** The command is all that stands behind one of these options. */
  readonly behind?: string;
  /** The command stands behind `--` only. */
  readonly dashes?: boolean;
  readonly place?: Place;
  /** The option that names the folder. */
  readonly folder?: string;
}

const DOCKER_RUN =
  '-H --host --context --config -e --env -u --user -w --workdir --env-file -v --volume --mount -p --publish --name --network --net -h --hostname -l --label --entrypoint --platform -m --memory --cpus --gpus --add-host --cap-add --cap-drop --device --dns --expose --ip --link --log-driver --log-opt --pid --restart --runtime --security-opt --shm-size --stop-signal --tmpfs --ulimit --userns --volumes-from --pull --cidfile --detach-keys --index --ipc --isolation --cgroupns --group-add --health-cmd --storage-opt --sysctl';
const KUBECTL =
  '-n --namespace --context --cluster -c --container --kubeconfig -s --server --user --token -f --filename --pod-running-timeout --request-timeout';
const RUNNER =
  '-p --package --python --with --extra --group --env-file --project --directory -w --workspace --from -n --name --prefix -C --dir --filter -F --cwd --index-url --with-requirements --only-group --cache-dir';

/** By program; several forms of one program are tried in order. */
const WRAPPERS: ReadonlyArray<readonly [programs: string, wrapper: Wrapper]> = [
  [
    'sudo',
    {
      valued:
        '-u -g -h -p -C -D -R -T -U -r -t --user --group --host --prompt --close-from --chdir --chroot --role --type --other-user --command-timeout',
      folder: '-D --chdir',
      assigns: true,
    },
  ],
  ['doas', { valued: '-u -C', assigns: true }],
  ['pkexec', { valued: '--user' }],
  [
    'env',
    {
      valued: '-u --unset -C --chdir -P',
      command: '-S --split-string',
      folder: '-C --chdir',
      assigns: true,
      appends: true,
    },
  ],
  ['command builtin nohup setsid unbuffer chronic dbus-run-session fakeroot winpty corepack rlwrap', {}],
  ['exec', { valued: '-a' }],
  ['time gtime', { valued: '-f --format -o --output' }],
  ['timeout gtimeout', { valued: '-k --kill-after -s --signal', skip: 1 }],
  ['nice', { valued: '-n --adjustment' }],
  ['ionice', { valued: '-c --class -n --classdata -p --pid -P --pgid -u --uid' }],
  ['chrt', { valued: '-T -P -D -p', skip: 1 }],
  ['stdbuf', { valued: '-i -o -e --input --output --error' }],
  ['chroot', { valued: '--userspec --groups', skip: 1 }],
  ['strace ltrace', { valued: '-o -e -p -s -u -E -P -a -S -b -I -O -X --trace --output --user --env' }],
  ['valgrind', {}],
  ['perf', { sub: 'stat', valued: '-e -o -r -a -C -p -t' }],
  ['perf', { sub: 'record', valued: '-e -o -F -c -g -p -t' }],
  ['gdb', { behind: '--args' }],
  ['gdb lldb', { dashes: true }],
  ['watch', { valued: '-n --interval -q', joined: true }],
  ['taskset', { valued: '-p', skip: 1 }],
  ['numactl', { valued: '-N -m -C -i -p --cpunodebind --membind --physcpubind --interleave --preferred' }],
  ['flock', { valued: '-w --timeout --wait -E --conflict-exit-code', skip: 1, command: '-c --command' }],
  ['cpulimit', { valued: '-l --limit -p --pid -e --exe' }],
  ['prlimit', { valued: '-p --pid -o' }],
  // The architecture may be left out, and is a program of its own.
  ['setarch linux32 linux64 i386 i686 x86_64 arm64 aarch64 uname26', {}],
  [
    'setpriv',
    {
      valued:
        '--reuid --regid --groups --clear-groups --init-groups --inh-caps --ambient-caps --bounding-set --securebits',
    },
  ],
  ['unshare nsenter', { valued: '-t --target -S --setuid -G --setgid -R --root -w --wd --map-user --map-group' }],
  ['bwrap', { valued: '--dir --tmpfs --proc --dev --chdir --setenv --unsetenv --uid --gid --hostname', dashes: true }],
  ['firejail proot', { valued: '-r -b -w -R -S' }],
  ['gosu su-exec setuser chpst', { skip: 1 }],
  ['faketime', { valued: '-f', skip: 1 }],
  ['xvfb-run', { valued: '-n -e -f -p -s -w --server-num --error-file --auth-file --server-args --wait --screen' }],
  [
    'systemd-run systemd-inhibit',
    {
      valued:
        '-p --property -u --unit -E --setenv -M --machine --description --slice -H --host --uid --gid --nice --working-directory --on-calendar --on-active --on-boot --timer-property --what --who --why --mode',
    },
  ],
  [
    'su',
    {
      valued: '-s --shell -g --group -G --supp-group -w --whitelist-environment',
      command: '-c --command --session-command',
      only: true,
    },
  ],
  [
    'runuser',
    {
      valued: '-u --user -s --shell -g --group -G --supp-group -w --whitelist-environment',
      command: '-c --command --session-command',
    },
  ],
  ['sg', { command: '-c', only: true }],
  ['script', { valued: '-E --echo -I -O -B -T -m -o', command: '-c --command', only: true }],
  [
    'ssh',
    {
      valued: '-p -i -F -o -c -J -l -L -R -D -W -b -E -e -I -m -O -Q -S -w -B',
      skip: 1,
      joined: true,
      place: 'remote',
    },
  ],
  ['sshpass', { valued: '-p -f -d -P' }],
  [
    'pssh parallel-ssh prsync pslurp',
    {
      valued:
        '-h --hosts -H --host -l --user -p --par -o --outdir -e --errdir -t --timeout -O --options -A -x --extra-args',
      joined: true,
      place: 'remote',
    },
  ],
  ['pdsh dsh clush mussh', { valued: '-w -x -g -G -l -u -f -t -m -M -o -R -c -h -H', joined: true, place: 'remote' }],
  ['rsh rexec', { valued: '-l -p', skip: 1, joined: true, place: 'remote' }],
  [
    'tsh tailscale',
    { sub: 'ssh', valued: '-l --login --cluster --proxy --user', skip: 1, joined: true, place: 'remote' },
  ],
  ['knife', { sub: 'ssh', valued: '-x -i -P -p -a -A', skip: 1, joined: true, place: 'remote' }],
  ['az', { sub: 'vm run-command invoke', command: '--scripts', only: true, place: 'remote' }],
  ['oc kubectl', { sub: 'rsh', valued: KUBECTL, skip: 1, place: 'container' }],
  ['nomad', { sub: 'alloc exec', valued: '-job -task -e', skip: 1, place: 'container' }],
  ['consul', { sub: 'exec', valued: '-node -service -datacenter -prefix -wait', joined: true, place: 'remote' }],
  ['docker-machine', { sub: 'ssh', skip: 1, joined: true, place: 'remote' }],
  ['minikube', { sub: 'ssh', valued: '-p --profile -n --node', joined: true, place: 'remote' }],
  ['colima', { sub: 'ssh', dashes: true, place: 'remote' }],
  ['podman', { sub: 'machine ssh', valued: '--username', skip: 1, joined: true, place: 'remote' }],
  ['gh', { sub: 'codespace ssh', dashes: true, place: 'remote' }],
  ['machinectl', { sub: 'shell', valued: '-E --setenv --uid -H -M', skip: 1, place: 'container' }],
  ['kamal', { sub: 'app exec', valued: '-r --roles -h --hosts -d', joined: true, place: 'remote' }],
  ['dokku', { sub: 'run', skip: 1, joined: true, place: 'remote' }],
  ['cf', { sub: 'ssh', skip: 1, command: '-c --command', only: true, place: 'remote' }],
  ['eb', { sub: 'ssh', command: '-c --command', only: true, place: 'remote' }],
  ['bosh', { sub: 'ssh', command: '-c --command', only: true, place: 'remote' }],
  ['psexec psexec64', { valued: '-u -p -w -n', skip: 1, place: 'remote' }],
  ['winrs', { joined: true, place: 'remote' }],
  ['mosh', { valued: '--ssh -p --predict', skip: 1, place: 'remote' }],
  ['adb', { sub: 'shell', valued: '-s -t -H -P', joined: true, place: 'remote' }],
  ['wsl', { valued: '-d --distribution -u --user --cd', joined: true }],
  ['vagrant', { sub: 'ssh', command: '-c --command', only: true, place: 'remote' }],
  ['multipass', { sub: 'exec', skip: 1, place: 'remote' }],
  ['limactl', { sub: 'shell', skip: 1, place: 'remote' }],
  ['lxc incus', { sub: 'exec', skip: 1, place: 'container' }],
  ['gcloud', { sub: 'compute ssh', command: '--command', only: true, place: 'remote' }],
  ['heroku', { sub: 'run', valued: '-a --app -r --remote -s --size', joined: true, place: 'remote' }],
  ['fly flyctl', { sub: 'ssh console', command: '-C --command', only: true, place: 'remote' }],
  ['docker podman nerdctl', { sub: 'exec', valued: DOCKER_RUN, skip: 1, ends: true, place: 'container' }],
  ['docker podman nerdctl', { sub: 'container exec', valued: DOCKER_RUN, skip: 1, ends: true, place: 'container' }],
  [
    'docker podman nerdctl',
    { sub: 'run', valued: DOCKER_RUN, skip: 1, ends: true, place: 'container', entry: '--entrypoint' },
  ],
  [
    'docker podman nerdctl',
    { sub: 'container run', valued: DOCKER_RUN, skip: 1, ends: true, place: 'container', entry: '--entrypoint' },
  ],
  [
    'docker podman',
    { sub: 'compose exec', valued: `${DOCKER_RUN} -f --file`, skip: 1, ends: true, place: 'container' },
  ],
  ['docker podman', { sub: 'compose run', valued: `${DOCKER_RUN} -f --file`, skip: 1, ends: true, place: 'container' }],
  [
    'docker-compose podman-compose',
    { sub: 'exec', valued: `${DOCKER_RUN} -f --file`, skip: 1, ends: true, place: 'container' },
  ],
  [
    'docker-compose podman-compose',
    { sub: 'run', valued: `${DOCKER_RUN} -f --file`, skip: 1, ends: true, place: 'container' },
  ],
  ['kubectl oc k', { sub: 'exec', valued: KUBECTL, dashes: true, place: 'container' }],
  ['kubectl oc k', { sub: 'exec', valued: KUBECTL, skip: 1, place: 'container' }],
  ['kubectl oc k', { sub: 'run', valued: KUBECTL, dashes: true, place: 'container' }],
  ['kubectl oc k', { sub: 'debug', valued: KUBECTL, dashes: true, place: 'container' }],
  ['ip', { sub: 'netns exec', skip: 1 }],
  ['npx pnpx bunx', { valued: RUNNER, command: '-c --call', package: true }],
  ['uvx', { valued: RUNNER, package: true }],
  ['npm', { sub: 'exec', valued: RUNNER, command: '-c --call', package: true }],
  ['npm', { sub: 'explore', skip: 1 }],
  ['cmake', { behind: '-E' }],
  ['npm', { sub: 'x', valued: RUNNER, command: '-c --call', package: true }],
  ['pnpm yarn bun', { sub: 'dlx', valued: RUNNER, package: true }],
  ['yarn', { sub: 'workspaces foreach', valued: '--from --include --exclude --since -j --jobs', prefix: 'yarn' }],
  ['yarn', { sub: 'workspace', skip: 1, prefix: 'yarn' }],
  ['pnpm yarn', { sub: 'exec', valued: RUNNER }],
  ['bun', { sub: 'x', valued: RUNNER, package: true }],
  ['lerna nx turbo', { sub: 'exec', valued: RUNNER }],
  ['uv poetry pdm pipenv hatch rye pixi', { sub: 'run', valued: RUNNER }],
  ['uv', { sub: 'tool run', valued: RUNNER }],
  ['pipx', { sub: 'run', valued: RUNNER, package: true }],
  ['conda mamba micromamba', { sub: 'run', valued: RUNNER }],
  ['bundle', { sub: 'exec' }],
  ['rbenv pyenv asdf nodenv', { sub: 'exec' }],
  ['mise rtx', { sub: 'exec', dashes: true }],
  ['mise rtx', { sub: 'x', dashes: true }],
  ['nvm', { sub: 'exec', skip: 1 }],
  ['volta', { sub: 'run', valued: '--node --npm --yarn --env' }],
  ['fnm', { sub: 'exec', valued: '--using --fnm-dir --log-level' }],
  ['direnv', { sub: 'exec', skip: 1 }],
  ['dotenv dotenvx env-cmd infisical doppler op aws-vault chamber envchain teller', { dashes: true }],
  ['dotenv', { valued: '-e -f -p -v' }],
  ['aws-vault', { sub: 'exec', skip: 1 }],
  ['cross-env', { assigns: true }],
  ['cross-env-shell', { assigns: true, joined: true }],
  ['composer', { sub: 'exec' }],
  ['foreman overmind hivemind', { sub: 'run', valued: '-f -e -d --procfile --env' }],
  ['nix-shell', { command: '--run --command', only: true }],
  ['nix', { sub: 'develop', behind: '-c --command' }],
  ['nix', { sub: 'shell', behind: '-c --command' }],
  ['guix', { sub: 'shell', dashes: true }],
  [
    'hyperfine',
    {
      valued:
        '-w --warmup -m --min-runs -M --max-runs -r --runs -L --parameter-list -P --parameter-scan -n --command-name --export-json --export-markdown --export-csv -S --shell -s --setup -p --prepare -c --cleanup',
      command: '-s --setup -p --prepare -c --cleanup',
      texts: true,
    },
  ],
  ['concurrently', { valued: '-n --names -c --prefix-colors --max-processes -m -p --prefix', texts: true }],
  ['start-server-and-test', { texts: true }],
  ['nodemon', { command: '-x --exec', only: true }],
  ['watchexec', { valued: '-e --exts -w --watch -i --ignore -s --signal -d --debounce -f --filter' }],
  ['entr', { command: '-s' }],
  ['tmux', { sub: 'new-session', valued: '-s -n -c -t -x -y -e -F', joined: true }],
  ['tmux', { sub: 'new', valued: '-s -n -c -t -x -y -e -F', joined: true }],
  ['tmux', { sub: 'new-window', valued: '-n -c -t -e -F', joined: true }],
  ['tmux', { sub: 'split-window', valued: '-c -t -l -p -e -F', joined: true }],
  ['tmux', { sub: 'send-keys', valued: '-t -N', joined: true }],
  ['tmux', { sub: 'run-shell', valued: '-t -d', joined: true }],
  ['screen', { behind: '-X', joined: true }],
  ['screen', { valued: '-S -L -c -t -s -T -h -p' }],
  ['busybox toybox', {}],
  ['git', { sub: 'submodule foreach', joined: true }],
  ['git', { sub: 'bisect run' }],
  ['ld.so', { valued: '--library-path --preload --argv0 --inhibit-rpath --audit --glibc-hwcaps-prepend' }],
  ['arch', { valued: '-e' }],
  ['caffeinate', { valued: '-t -w' }],
  ['daemonize', { valued: '-a -c -e -o -p -l -u -E' }],
  ['setlock softlimit', { skip: 1 }],
  ['retry', { valued: '-t -d -n --times --delay --tries' }],
  ['rtk', {}],
];

const TABLE: ReadonlyMap<string, readonly CompiledWrapper[]> = compile();

interface CompiledWrapper extends Wrapper {
  readonly values: ReadonlySet<string>;
  readonly commandFlags: ReadonlySet<string>;
  readonly folderFlags: ReadonlySet<string>;
  readonly subcommands: readonly string[];
  readonly behindFlags: ReadonlySet<string>;
}

function compile(): Map<string, CompiledWrapper[]> {
  const set = (names: string | undefined) => new Set(names?.split(' '));
  const table = new Map<string, CompiledWrapper[]>();
  for (const [programs, wrapper] of WRAPPERS) {
    const compiled = {
      ...wrapper,
      values: set(wrapper.valued),
      commandFlags: set(wrapper.command),
      folderFlags: set(wrapper.folder),
      subcommands: wrapper.sub?.split(' ') ?? [],
      behindFlags: set(wrapper.behind),
    };
    for (const program of programs.split(' ')) table.set(program, [...(table.get(program) ?? []), compiled]);
  }
  return table;
}

/** What a wrapper runs; undefined when the program is none, or runs nothing this time. */
export function unwrap(program: string, words: readonly Word[]): Nested[] | undefined {
  for (const wrapper of TABLE.get(program) ?? []) {
    const nested = unwrapAs(wrapper, words);
    if (nested !== undefined) return nested;
  }
  return undefined;
}

function unwrapAs(wrapper: CompiledWrapper, words: readonly Word[]): Nested[] | undefined {
  const { place, joined, dashes, values, commandFlags, folderFlags, subcommands } = wrapper;
  const nested: Nested[] = [];
  const environment = new Map<string, Word>();
  let folder: Word | undefined;
  let entry: Word | undefined;
  let image: Word | undefined;
  let skip = wrapper.skip ?? 0;
  let subcommand = 0;
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const { text } = word;
    if (text === '--') {
      if (skip === 0 && subcommand === subcommands.length) {
        index++;
        break;
      }
      continue;
    }
    if (wrapper.behind !== undefined && subcommand === subcommands.length && wrapper.behindFlags.has(text)) {
      index++;
      break;
    }
    if (text.startsWith('-') && text.length > 1) {
      const { name, value, taken } = optionOf(text, word, words[index + 1], values, commandFlags);
      if (value !== undefined && commandFlags.has(name)) nested.push(shellText(value, place));
      if (value !== undefined && folderFlags.has(name)) folder = value;
      if (value !== undefined && name === wrapper.entry) entry = value;
      if (taken) index++;
      if (nested.length > 0 && wrapper.appends) {
        index++;
        break;
      }
      continue;
    }
    const wanted = subcommands[subcommand];
    if (wanted !== undefined) {
      if (text !== wanted) return undefined;
      subcommand++;
      continue;
    }
    const assignment = /^([A-Za-z_]\w*(?:%%)?)=/.exec(text);
    if (assignment?.[1] !== undefined && wrapper.assigns) {
      environment.set(assignment[1], after(word, assignment[0].length));
      continue;
    }
    if (dashes || wrapper.only || wrapper.behind !== undefined) continue;
    if (skip === 0) break;
    if (wrapper.ends && !word.certain && /(?:ARGS?|OPTS?|OPTIONS?|FLAGS?|PARAMS?)\}?$/i.test(text)) continue;
    skip--;
    if (skip === 0 && wrapper.ends) {
      image = word;
      index++;
      break;
    }
  }
  if (subcommand < subcommands.length) return undefined;
  const rest = words.slice(index);
  if (rest.length === 0) return nested.length > 0 ? nested : dashes || wrapper.behind !== undefined ? undefined : [];
  const common = { ...(place !== undefined && { place }), ...(folder !== undefined && { folder }) };
  if (wrapper.texts) return [...nested, ...rest.map((text): Nested => ({ kind: 'shell', text, ...common }))];
  if (joined) {
    const text: Nested = { kind: 'shell', text: joinWords(rest), ...common };
    // `watch sh -c 'rm x'` loses its quotes on the way; what was meant is looked at as well.
    const meant = rest.length > 1 && rest.some((word) => /\s/.test(word.text));
    return meant ? [...nested, text, { kind: 'command', words: rest, ...common }] : [...nested, text];
  }
  const [text] = nested;
  if (wrapper.appends && text?.kind === 'shell')
    return [
      { ...text, text: joinWords([text.text, ...rest.map((word) => (word.certain ? literal(quoted(word)) : word))]) },
    ];
  if (nested.length > 0 && wrapper.command !== undefined) return nested;
  const [program, ...others] = rest;
  const named = wrapper.package && program !== undefined ? [packageProgram(program), ...others] : rest;
  const made = wrapper.entry === undefined || image === undefined ? undefined : imageProgram(image);
  const first = entry ?? (wrapper.prefix === undefined ? made : literal(wrapper.prefix));
  const carried: Nested = {
    kind: 'command',
    words: first === undefined ? named : [first, ...named],
    environment,
    ...common,
  };
  // `lerna exec "rm x"`: one word that reads like a line is given to a shell by some.
  const sub = subcommands.length > 0 || wrapper.package === true;
  const line = sub && rest.length === 1 && program?.certain && /\s/.test(program.text);
  return line ? [carried, { kind: 'shell', text: program, ...common }] : [carried];
}

/** Programs that images of their name start: `docker run hashicorp/terraform destroy` is `terraform destroy`. */
const IMAGE_PROGRAMS = new Set(
  'terraform tofu terragrunt kubectl helm aws git pulumi packer vault consul flyway liquibase rclone restic ansible-playbook az doctl flyctl eksctl argocd flux sops age mc skopeo crane'.split(
    ' ',
  ),
);

function imageProgram(image: Word): Word | undefined {
  const name = /([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(image.text)?.[1]?.replace(/-cli$/, '') ?? '';
  return image.certain && IMAGE_PROGRAMS.has(name) ? literal(name) : undefined;
}

const PACKAGE_PROGRAMS: Readonly<Record<string, string>> = {
  'firebase-tools': 'firebase',
  del: 'del-cli',
  '@changesets/cli': 'changeset',
  'sequelize-cli': 'sequelize',
  'aws-cdk': 'cdk',
  'netlify-cli': 'netlify',
  '@railway/cli': 'railway',
  'eas-cli': 'eas',
  '@sentry/cli': 'sentry-cli',
};

/** The program that a package brings; its version says nothing of what it does. */
function packageProgram(word: Word): Word {
  const name = word.text.replace(/(?<=.)@[^/]*$/, '');
  const program = Object.hasOwn(PACKAGE_PROGRAMS, name) ? PACKAGE_PROGRAMS[name] : name;
  return word.certain && program !== undefined && program !== word.text ? literal(program) : word;
}

function shellText(text: Word, place: Place | undefined): Nested {
  return { kind: 'shell', text, ...(place !== undefined && { place }) };
}

interface Option {
  name: string;
  value: Word | undefined;
  /** Its value is the next word. */
  taken: boolean;
}

function optionOf(
  text: string,
  word: Word,
  next: Word | undefined,
  values: ReadonlySet<string>,
  commands: ReadonlySet<string>,
): Option {
  const takes = (name: string) => values.has(name) || commands.has(name);
  if (text.startsWith('--')) {
    const equals = text.indexOf('=');
    if (equals !== -1) return { name: text.slice(0, equals), value: after(word, equals + 1), taken: false };
    return { name: text, value: next, taken: takes(text) };
  }
  for (let at = 1; at < text.length; at++) {
    const name = `-${text.charAt(at)}`;
    if (!takes(name)) continue;
    if (at + 1 < text.length) return { name, value: after(word, at + 1), taken: false };
    return { name, value: next, taken: true };
  }
  return { name: text, value: undefined, taken: takes(text) };
}

function after(word: Word, from: number): Word {
  return word.certain
    ? literal(word.text.slice(from))
    : { ...word, text: word.text.slice(from), head: word.head.slice(from) };
}

/** A word as shell text again. */
export function quoted({ text, certain }: Word): string {
  return certain ? shellQuoted(text) : `"${text}"`;
}

/** Words as a shell would read them again: with blanks between them and no quotes. */
export function joinWords(words: readonly Word[]): Word {
  const [only] = words;
  if (words.length === 1 && only !== undefined) return only;
  const text = words.map((word) => word.text).join(' ');
  const unknown = words.findIndex(({ certain }) => !certain);
  if (unknown === -1) return literal(text);
  const sure = [...words.slice(0, unknown).map((word) => word.text), words[unknown]?.head ?? ''];
  const stream = words.find((word) => word.stream !== undefined)?.stream;
  const output = words.some((word) => word.output);
  return {
    text,
    certain: false,
    head: sure.join(' '),
    tail: '',
    glob: false,
    output,
    ...(stream !== undefined && { stream }),
  };
}
