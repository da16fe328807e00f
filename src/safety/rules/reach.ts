// Long because it is data: one row a rule.
import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const remote = rulesFor('remote');
const interpreters = rulesFor('interpreters');
const secrets = rulesFor('secrets');
const persistence = rulesFor('persistence');
const history = rulesFor('history');
const environment = rulesFor('environment');
const unresolved = rulesFor('unresolved');
const user = rulesFor('user');

const SHOWS_SECRETS = 'Shows keys or passwords.';
const INSTALLS = 'Installs code straight from an address: no registry stands between, and it may run at once.';
const FROM_REGISTRY = 'Install a published version by its name.';
const RUNS_LATER = 'Makes something run later, when nobody is looking.';

/** Code from elsewhere, secrets, what runs later, and what nobody can read beforehand. */
export const REACH_RULES: readonly Rule[] = [
  remote.found(
    'run-download',
    'ask',
    'Runs text from the network that nobody has read.',
    'Download it to a file, read it, then run the file.',
  ),
  remote.found('reverse-shell', 'ask', 'Opens a connection that lets another machine give commands.'),
  remote.ask(
    'netcat-shell',
    { programs: 'nc ncat netcat', flags: '-e --exec -c --sh-exec' },
    'Lets another machine give commands.',
  ),
  remote.ask(
    'socat',
    { programs: 'socat', operand: /^(?:exec|system|shell):/i },
    'Lets another machine give commands.',
  ),
  remote.ask(
    'run-url',
    {
      programs: 'deno bun npx pnpx bunx uvx pipx go',
      text: /^(?:run |x |dlx |install |--yes |-y |-[Afgr]+ |--allow-\S+ )*(?:https?:\/\/|git\+|github:)/,
    },
    'Runs code straight from the network.',
  ),
  remote.ask(
    'install-python',
    {
      programs: 'pip pip3 pipx uv poetry pdm rye pipenv',
      sub: /^(?:pip |tool )?(?:install|add|download|wheel|run)\b/,
      operand:
        /^(?:[\w.-]+(?:\[[\w,-]*\])? ?@ ?)?(?:(?:git|hg|svn|bzr)\+|https?:\/\/(?!files\.pythonhosted\.org\/)|git@|ssh:\/\/)/,
    },
    INSTALLS,
    FROM_REGISTRY,
  ),
  remote.ask(
    'install-python-list',
    {
      programs: 'pip pip3 uv',
      sub: /^(?:pip )?(?:install|sync)\b/,
      text: /(?:^|\s)(?:-[re]|--requirements?|--editable)[= ]?(?:(?:git|hg|svn|bzr)\+|https?:)/,
    },
    INSTALLS,
    FROM_REGISTRY,
  ),
  remote.ask(
    'install-node',
    {
      programs: 'npm pnpm yarn bun',
      sub: /^(?:global )?(?:i|in|ins|inst|install|add|isntall|install-test|it)\b/,
      operand:
        /^(?:@?[\w./-]+@)?(?:(?:git|github|gitlab|bitbucket|gist)[+:]|https?:\/\/(?!registry\.npmjs\.org\/)|git@|ssh:\/\/)|^[\w-]+\/[\w.-]+(?:#\S+)?$/,
    },
    INSTALLS,
    FROM_REGISTRY,
  ),
  remote.ask(
    'install-git',
    { programs: 'cargo gem', sub: /^(?:\+\S+ )?(?:install|add)\b/, flags: '--git' },
    INSTALLS,
    FROM_REGISTRY,
  ),
  remote.ask(
    'install-file',
    {
      programs: 'brew apt apt-get dnf yum microdnf zypper rpm pkg helm snap flatpak conda mamba',
      operand: /^(?:https?|ftp):\/\//,
      except: /^(?:repo|tap|registry|search|info|remote-add|remotes|remote|addrepo|ar|show|lint)\b/,
    },
    INSTALLS,
    FROM_REGISTRY,
  ),
  remote.ask(
    'apply-url',
    {
      programs: 'kubectl oc k',
      operand: /^(?:apply|create|replace|run)$/,
      text: /(?:^|\s)(?:-[fk]|--filename|--kustomize)[= ]?(?:https?:\/\/|github\.com\/|git@)/,
      unless: '--dry-run',
    },
    'Applies a description from the network that nobody has read.',
    'Download it to a file, read it, then apply the file.',
  ),
  remote.ask(
    'build-url',
    {
      programs: 'docker podman buildah nerdctl',
      sub: /^(?:buildx )?build\b/,
      operand: /^(?:https?:\/\/|git@|github\.com\/)/,
    },
    'Builds from the network what nobody has read.',
  ),
  remote.ask(
    'module-url',
    {
      programs: 'terraform tofu ansible-galaxy ansible-pull',
      text: /(?:^|\s)-from-module=(?![./])\S|(?:^|\s)install .*(?:git\+|https?:)|^.*(?:-U|--url)[= ]\S*(?:git@|https?:)/,
    },
    INSTALLS,
  ),
  remote.ask(
    'windows',
    {
      programs: 'mshta regsvr32 rundll32 certutil bitsadmin wscript cscript installutil',
      text: /https?:|javascript:|-urlcache|-decode|\/transfer|scrobj|\.dll\b|\.(?:vbs|js|wsf)\b/i,
    },
    'Runs or fetches code from the network.',
  ),
  remote.ask('evaluate', { programs: 'invoke-expression' }, 'Runs text that is only known when it runs.'),

  interpreters.found(
    'dynamic',
    'ask',
    'Runs a command or code that is only known when it runs.',
    'Write the command out.',
  ),
  interpreters.ask(
    'make-shell',
    {
      programs: 'make gmake',
      text: /(?:^|\s)(?:SHELL|\.SHELLFLAGS)=(?!\/(?:usr\/)?bin\/(?:ba|z|da|k)?sh(?:\s|$)|(?:ba|z)?sh(?:\s|$)|["']?\$\{?\w*SHELL\b)/,
    },
    'Gives make another shell.',
  ),
  interpreters.ask('make-eval', { programs: 'make gmake', flags: '-E --eval' }, 'Gives make text to run.'),
  interpreters.ask(
    'latex',
    {
      programs: 'latex pdflatex xelatex lualatex tex pdftex xetex luatex latexmk',
      text: /(?:^|\s)--?(?:shell-escape|enable-write18)(?:\s|$)/,
    },
    'Lets a document run commands.',
  ),
  interpreters.found('hidden', 'ask', 'Reaches functions in a way that hides what is called.', 'Call them by name.'),

  secrets.found(
    'read',
    'ask',
    'Reads a file that keeps keys or passwords.',
    'Name the variable or key that is needed; the user can tell whether it is set.',
  ),
  secrets.found('write', 'ask', 'Changes a file that keeps keys or passwords.'),
  secrets.found('send', 'ask', 'Sends keys, passwords or the environment to another machine.'),
  secrets.found('send-outside', 'ask', 'Sends a file from outside the project to another machine.'),
  secrets.found(
    'environment',
    'ask',
    'Shows the environment of a container or of another machine, with the keys and passwords in it.',
    'Ask for one variable by its name.',
  ),
  secrets.ask(
    'metadata',
    {
      programs: 'curl wget http https xh xhs nc ncat python python3 node fetch',
      text: /\b169\.254\.169\.254\b|\b169\.254\.170\.2\b|\b100\.100\.100\.200\b|metadata\.google\.internal|fd00:ec2::254/i,
    },
    "Reads the machine's own cloud credentials.",
  ),
  secrets.ask('agent', { programs: 'ssh-add', flags: '-D -d' }, 'Takes keys out of the agent.'),
  secrets.ask('token', { programs: 'gh', sub: /^auth token\b/ }, SHOWS_SECRETS),
  secrets.ask('token-status', { programs: 'gh', sub: /^auth status\b/, flags: '-t --show-token' }, SHOWS_SECRETS),
  secrets.ask(
    'cloud',
    {
      programs: 'gcloud az heroku aws aliyun ibmcloud oci',
      sub: /^(?:auth print-\S+-token|secrets versions access|account get-access-token|keyvault secret (?:show|download)|auth:token|configure get \S*(?:secret|token|key)|sts (?:get-session-token|assume-role\S*|get-federation-token)|secretsmanager (?:get-secret-value|batch-get-secret-value)|ecr get-login\S*|iam oauth-tokens)/,
    },
    SHOWS_SECRETS,
  ),
  secrets.ask('parameters', { programs: 'aws', sub: /^ssm get-parameter/, flags: '--with-decryption' }, SHOWS_SECRETS),
  secrets.ask(
    'stores',
    {
      programs:
        'vault op pass gopass lpass bw doppler infisical chamber security secret-tool keyring dotenv-vault teller bws keepassxc-cli',
      sub: /^(?:kv get|read|token create|print token|item get|document get|inject|show|export|get|list items|secrets(?: get| download)?$|env|find-(?:generic|internet)-password|dump-keychain|export-keychain|lookup|search|decrypt|clip)\b/,
    },
    SHOWS_SECRETS,
  ),
  secrets.ask(
    'keychain',
    { programs: 'security', sub: /^(?:delete|set)-\S+/ },
    'Removes or changes keys and passwords.',
  ),
  secrets.ask(
    'pass',
    {
      programs: 'pass gopass',
      sub: /^(?!ls\b|list\b|find\b|search\b|git\b|init\b|insert\b|generate\b|version\b|help\b)\S+$/,
    },
    SHOWS_SECRETS,
  ),
  secrets.ask(
    'kubernetes',
    { programs: 'kubectl oc k', sub: /^get secrets?\b|^extract secret/, flags: '-o --output --template' },
    SHOWS_SECRETS,
  ),
  secrets.ask('kubernetes-config', { programs: 'kubectl oc k', sub: /^config view\b/, flags: '--raw' }, SHOWS_SECRETS),
  secrets.ask('pulumi', { programs: 'pulumi', flags: '--show-secrets' }, SHOWS_SECRETS),
  secrets.ask('state', { programs: 'terraform tofu', sub: /^state pull\b/ }, SHOWS_SECRETS),
  secrets.ask('git', { programs: 'git', sub: /^credential(?:-\S+)? (?:fill|approve|get)\b/ }, SHOWS_SECRETS),
  secrets.ask(
    'npm-token',
    { programs: 'npm pnpm yarn', sub: /^(?:config get|c get|get) \S*(?:_auth\w*|_password|token)/i },
    SHOWS_SECRETS,
  ),
  secrets.ask('heroku', { programs: 'heroku', sub: /^config(?: |$)/, flags: '-s --shell -j --json' }, SHOWS_SECRETS),
  secrets.ask('heroku-one', { programs: 'heroku', sub: /^config:get\b/ }, SHOWS_SECRETS),
  secrets.ask(
    'pull',
    { programs: 'vercel netlify railway doppler', sub: /^(?:env pull|env:pull)\b/ },
    'Writes keys and passwords into a file.',
  ),
  secrets.ask('shadow', { programs: 'getent', sub: /^g?shadow\b/ }, SHOWS_SECRETS),
  secrets.ask(
    'container',
    { programs: 'docker podman', sub: /^(?:container )?inspect\b/, text: /\.Config\.Env\b|\.Env\b/ },
    SHOWS_SECRETS,
  ),
  secrets.ask('keytool', { programs: 'keytool', flags: '-rfc -v -exportcert -importkeystore -export' }, SHOWS_SECRETS),
  secrets.ask('npm', { programs: 'npm', sub: /^token list\b/ }, SHOWS_SECRETS),
  secrets.ask(
    'keys',
    {
      programs: 'gpg gpg2',
      text: /(?:^|\s)(?:--export-secret-(?:keys|subkeys|ssh-key)|--delete-(?:secret-)?(?:and-public-)?keys?|-d|--decrypt)(?:\s|$)/,
    },
    SHOWS_SECRETS,
  ),
  secrets.ask(
    'decrypt',
    {
      programs: 'sops ansible-vault age rage',
      text: /(?:^|\s)(?:-d|--decrypt|decrypt|view|edit|exec-env|exec-file)(?:\s|$)/,
    },
    SHOWS_SECRETS,
  ),

  persistence.found('startup', 'ask', `${RUNS_LATER} It changes what every new shell does.`),
  persistence.found('schedule', 'ask', RUNS_LATER),
  persistence.found('ci', 'ask', 'Changes what runs on the build servers.'),
  persistence.found('hooks', 'ask', 'Changes what git runs by itself.'),
  persistence.found('editor', 'ask', 'Changes what an editor runs when it opens the project.'),
  persistence.found('keys', 'ask', 'Changes who may log in.'),
  persistence.found('git-hooks', 'ask', 'Changes what git runs by itself.'),
  persistence.ask('crontab', { programs: 'crontab', unless: '-l' }, RUNS_LATER),
  persistence.ask('at', { programs: 'at batch atrm', except: /^-[lqV]/ }, RUNS_LATER),
  persistence.ask(
    'services',
    { programs: 'systemctl', operand: /^(?:enable|reenable|link|preset|add-wants)$/ },
    RUNS_LATER,
  ),
  persistence.ask('timer', { programs: 'systemd-run', text: /--(?:on-\w+|timer-property)/ }, RUNS_LATER),
  persistence.ask(
    'launchd',
    { programs: 'launchctl', operand: /^(?:load|bootstrap|enable|submit|setenv|start)$/ },
    RUNS_LATER,
  ),
  persistence.ask(
    'boot',
    {
      programs: 'update-rc.d chkconfig rc-update loginctl',
      text: /\b(?:enable|disable|defaults|remove|on|off|add|del|delete|enable-linger)\b/,
    },
    RUNS_LATER,
  ),
  persistence.ask(
    'windows',
    {
      programs:
        'schtasks register-scheduledtask new-service unregister-scheduledtask new-scheduledtask set-scheduledtask',
      except: /\/query/i,
    },
    RUNS_LATER,
  ),
  persistence.ask('ssh-copy-id', { programs: 'ssh-copy-id' }, 'Changes who may log in.'),
  persistence.ask('git-maintenance', { programs: 'git', sub: /^maintenance (?:start|register)\b/ }, RUNS_LATER),
  persistence.ask('pm2', { programs: 'pm2', operand: /^(?:startup|save)$/ }, RUNS_LATER),

  history.found('erase', 'ask', 'Removes the record of what was done.'),
  history.found('off', 'ask', 'Stops the shell from keeping a record.'),
  history.ask(
    'clear',
    { programs: 'history fc', text: /(?:^|\s)-(?:c|d|w|p)\b|^-\w*c|--delete|clear/ },
    'Removes the record of what was done.',
  ),
  history.ask(
    'unset',
    { programs: 'unset', operand: /^HIST(?:FILE|SIZE|FILESIZE)$/ },
    'Stops the shell from keeping a record.',
  ),
  history.ask('set', { programs: 'set', text: /\+o history/ }, 'Stops the shell from keeping a record.'),
  history.ask('shopt', { programs: 'shopt', text: /-u.*histappend/ }, 'Stops the shell from keeping a record.'),
  history.ask(
    'logs',
    { programs: 'journalctl', text: /--(?:vacuum-\w+|rotate|flush)/ },
    'Removes the record of what was done.',
  ),
  history.ask(
    'windows',
    {
      programs: 'wevtutil clear-eventlog clear-history remove-eventlog',
      text: /^$|\bcl\b|clear-log|-LogName|\S/i,
      except: /^(?:el|gl|qe|epl)\b/,
    },
    'Removes the record of what was done.',
  ),

  environment.found('injection', 'ask', 'Makes programs load code that the command does not name.'),

  unresolved.found('program', 'ask', 'Which program runs is only known when it runs.', 'Write the program out.'),
  unresolved.found(
    'subcommand',
    'ask',
    'What the program is to do is only known when it runs.',
    'Write the command out.',
  ),
  unresolved.found('text', 'ask', 'Gives a shell text that is only known when it runs.', 'Write the command out.'),
  unresolved.found('script', 'ask', 'Runs a script that is only known when it runs.', 'Name the script.'),
  unresolved.found('encoded', 'ask', 'Runs encoded text.', 'Write the command out.'),
  unresolved.found('values', 'ask', 'Too many possible values to look at one by one.', 'Split the command.'),
  unresolved.found(
    'hidden-characters',
    'ask',
    'Holds characters that cannot be seen: what is shown is not what runs.',
    'Write it without them.',
  ),
  unresolved.found('parse', 'ask', 'nex cannot read this command.', 'Write it in a simpler way.'),
  unresolved.found(
    'too-long',
    'ask',
    'The command is too long to look into.',
    'Put it into a script and run that, or split it.',
  ),
  unresolved.found(
    'too-deep',
    'ask',
    'Commands inside commands, too deep to look into.',
    'Run the inner command directly.',
  ),

  user.found('deny', 'deny', 'A rule in your settings forbids it.'),
  user.found('guarded', 'ask', 'Changes a file that the settings guard.'),
  user.found('ask', 'ask', 'A rule in your settings asks about it.'),
];
