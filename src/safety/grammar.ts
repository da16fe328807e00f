/** How a program reads its words. `text`: it has no options that matter, its words are data. */
export type Grammar = 'text' | { valued: ReadonlySet<string>; single: boolean; subcommands: boolean };

/**
 * Options that take the next word as their value, by program; `git push` are those of a subcommand.
 * `single` marks programs whose long options have one dash.
 */
const VALUED: ReadonlyArray<readonly [programs: string, options: string]> = [
  ['git', '-C -c --git-dir --work-tree --namespace --config-env --exec-path --super-prefix --attr-source'],
  [
    'git commit',
    '-m --message -F --file --author --date -C --reuse-message -c --reedit-message --fixup --squash -t --template --trailer --cleanup',
  ],
  ['git push', '-o --push-option --repo --receive-pack --exec'],
  ['git tag', '-m --message -F --file -u --local-user --sort --format --points-at --contains --merged --no-merged'],
  [
    'git branch',
    '--sort --format --points-at --contains --no-contains --merged --no-merged -u --set-upstream-to --color --column',
  ],
  ['git stash', '-m --message --pathspec-from-file'],
  ['git checkout|git switch|git worktree', '-b -B -c -C --orphan --conflict --pathspec-from-file --reason'],
  ['git restore', '-s --source --conflict --pathspec-from-file'],
  [
    'git merge|git pull|git revert|git cherry-pick|git am|git rebase',
    '-m --message -F --file -s --strategy -X --strategy-option --onto -x --exec -S --gpg-sign --depth -j --jobs --mainline',
  ],
  [
    'git clone',
    '-b --branch -o --origin -u --upload-pack --reference --depth -j --jobs -c --config --template --filter --separate-git-dir --server-option --shallow-since --bundle-uri',
  ],
  [
    'git fetch',
    '-j --jobs --depth --shallow-since --upload-pack -o --server-option --refmap --negotiation-tip --filter',
  ],
  ['git config', '-f --file --blob --type --default --get-color --get-colorbool --comment --value --url'],
  ['git clean', '-e --exclude'],
  [
    'git log|git show|git diff|git shortlog|git rev-list|git reflog',
    '-n --max-count --since --until --after --before --author --committer --grep --format --pretty -S -G -L -U --date --skip --diff-filter --output -O --decorate-refs --inter-hunk-context --encoding --word-diff-regex',
  ],
  ['git grep', '-e -f -A -B -C -m --max-count --max-depth --threads -O --open-files-in-pager'],
  ['git blame', '-L -S --contents --since --date'],
  ['git archive', '-o --output --format --prefix --remote --exec'],
  ['git format-patch', '-o --output-directory --start-number --base'],
  ['git ls-files', '-x --exclude -X --exclude-from --format --with-tree'],
  ['git notes', '-m -F --ref -C -c'],
  ['git submodule', '-b --branch --reference --depth -j --jobs --name'],
  ['git difftool|git mergetool', '-t --tool -x --extcmd'],
  ['git remote', '-t --track -m --mirror'],
  ['git update-index', '--cacheinfo --chmod --index-version'],
  ['git send-email', '--to --cc --from --subject --smtp-server'],
  ['git for-each-ref', '--format --sort --points-at --count --contains --merged'],
  ['cp|mv|install|ln', '-t --target-directory -S --suffix -m --mode -o --owner -g --group --backup'],
  ['tee', '--output-error'],
  ['tcpdump|tshark', '-z -w -r -i -c -s -G -C -W -F -E'],
  ['fzf', '--preview --bind'],
  ['hg', '--config -R --repository --cwd --color --encoding -r --rev'],
  ['stow', '-t --target -d --dir'],
  ['keytool', '-alias -keystore -storepass -keypass -file -storetype -dname -validity -keyalg -keysize'],
  ['smbclient', '-c --command -U --user -p --port -W -A -I -m'],
  ['csplit', '-f --prefix -b --suffix-format -n --digits'],
  ['zipfile|tarfile', '-e --extract -c --create -l --list -t --test'],
  ['lftp|ftp|tftp', '-e -c -u -p -P'],
  ['touch', '-d --date -r --reference -t'],
  ['mkdir', '-m --mode'],
  ['truncate', '-s --size -r --reference'],
  [
    'tar',
    '-C --directory -f --file -T --files-from -X --exclude-from --exclude --transform --xform --strip-components --owner --group --mode --use-compress-program -I --to-command --checkpoint-action --checkpoint -g --listed-incremental -b --newer -N --format -H',
  ],
  ['bsdtar', '-C -f -T -X --exclude -s --strip-components --format'],
  ['unzip', '-d -x -P'],
  ['zip', '-b -i -x -n -P -t -tt -TT -O --exclude --include --output-file'],
  ['aria2c', '-d --dir -o --out -i --input-file -x -s -j'],
  ['cpio', '-D --directory -F --file -O -I -H --format'],
  ['gzip|gunzip|bzip2|xz|zstd|lz4', '-S --suffix -o -D -T'],
  [
    'rsync',
    '-e --rsh --rsync-path --exclude --include --exclude-from --include-from --files-from -f --filter --chmod --chown --max-size --min-size --bwlimit --port --log-file --password-file --partial-dir -T --temp-dir --compare-dest --copy-dest --link-dest --backup-dir --suffix --timeout -M --remote-option',
  ],
  ['scp', '-P -i -F -o -c -J -l -S -D -X'],
  ['sftp', '-P -i -F -o -c -J -l -S -b -B -D -R -s'],
  ['ssh', '-p -i -F -o -c -J -l -L -R -D -W -b -E -e -I -m -O -Q -S -w -B'],
  ['ssh-keygen', '-f -t -b -C -N -P -m -I -n -V -O -D -s -z -R -F'],
  ['ssh-copy-id', '-i -p -o -t -F'],
  [
    'curl',
    '-o --output -d --data --data-raw --data-binary --data-urlencode --data-ascii --json -F --form --form-string -H --header -X --request -u --user -A --user-agent -e --referer -b --cookie -c --cookie-jar -T --upload-file -K --config -w --write-out -x --proxy -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -E --cert --key --cacert --capath --resolve --connect-to --url --output-dir -D --dump-header -r --range -C --continue-at -Y -y -z --limit-rate --max-redirs --proto --tls-max --ciphers --unix-socket --interface --dns-servers -t --url-query --stderr --trace --trace-ascii -Q --quote --oauth2-bearer --aws-sigv4 -U --proxy-user --netrc-file --create-file-mode --variable',
  ],
  [
    'wget',
    '-O --output-document -o --output-file -a --append-output -P --directory-prefix -U --user-agent --header --post-data --post-file --body-data --body-file --method -i --input-file -t --tries -T --timeout -w --wait --user --password --load-cookies --save-cookies --ca-certificate --certificate --private-key -e --execute -A -R -D -I -X -l --level -Q -B --limit-rate --referer --use-askpass --config',
  ],
  [
    'http|https|xh|xhs',
    '-a --auth -A --auth-type -o --output --session -p --print --proxy --timeout --verify --cert --cert-key -s --style',
  ],
  [
    'nc|ncat|netcat',
    '-e --exec -c --sh-exec -p --source-port -s -w -i -o -x -X -q -I -O -T -m -g -G --proxy --idle-timeout',
  ],
  [
    'docker|podman|nerdctl',
    '-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey --connection --url --identity --root --namespace',
  ],
  [
    'docker-compose|podman-compose',
    '-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel',
  ],
  [
    'kubectl|oc|k',
    '-n --namespace --context --cluster -s --server --token --user --as --as-group --kubeconfig -f --filename -l --selector -o --output -c --container --field-selector --grace-period --timeout -k --kustomize --cache-dir --request-timeout --replicas -p --patch --type --image --as-uid --certificate-authority --client-key',
  ],
  ['pulumi', '-s --stack -C --cwd -c --config --color --tracing --config-file --message -m -t --target'],
  ['vercel|now', '-S --scope -t --token --cwd -A --local-config -Q --global-config -T --team'],
  ['supabase', '--workdir --project-ref --db-url --password -p --last --network-id --profile'],
  ['netlify', '--site -s --auth --filter --dir -d'],
  ['heroku', '-a --app -r --remote --confirm -c --command'],
  ['fly|flyctl', '-a --app -c --config -t --access-token -o --org -r --region'],
  ['doctl', '-t --access-token --context -u --api-url -o --output --format'],
  ['wrangler', '-c --config -e --env'],
  ['firebase', '-P --project --only --except --token --account -c --config'],
  [
    'helm',
    '-n --namespace --kube-context --kubeconfig -f --values --set --set-string --set-file --version --repo --timeout -o --output --post-renderer --registry-config',
  ],
  [
    'aws',
    '--profile --region --output --endpoint-url --query --color --ca-bundle --cli-read-timeout --cli-connect-timeout',
  ],
  [
    'gcloud',
    '--project --account --format --zone --region --configuration --verbosity --impersonate-service-account --filter --limit --command',
  ],
  ['az', '-f --file --source -g --resource-group -n --name --subscription -o --output --query -l --location'],
  [
    'gh|glab',
    '-R --repo --hostname -b --body -F --body-file -t --title -X --method -f --raw-field --field -H --header -q --jq --template -l --label -a --assignee -r --reviewer -B --base -m --milestone -p --project -c --comment --notes -n --notes-file -L --limit -s --state --json --input --cache -d --description',
  ],
  [
    'npm|pnpm|yarn|bun',
    '--prefix -C --dir --cwd --registry --tag --otp --userconfig --cache --loglevel -w --workspace -F --filter',
  ],
  [
    'pip|pip3|pipx',
    '-r --requirement -c --constraint -i --index-url --extra-index-url -t --target --prefix --root -e --editable --python --log --proxy --timeout -f --find-links --cache-dir',
  ],
  ['python|python2|python3|pypy3', '-c -m -W -X'],
  [
    'node|nodejs',
    '-e --eval -p --print -r --require --import --loader --experimental-loader -C --conditions --env-file --input-type',
  ],
  ['ruby|jruby', '-e -I -r -C -E -W'],
  ['perl', '-e -E -I -M -m'],
  ['php', '-r -f -d -B -R -F -E -S -t -c -z'],
  ['lua|luajit', '-e -l'],
  ['rscript', '-e'],
  ['julia', '-e -E -L -p'],
  ['osascript', '-e -l -s'],
  ['awk|gawk|mawk|nawk', '-F --field-separator -v --assign -f --file -e --source -i --include -l --load -E --exec'],
  ['sed|gsed', '-e --expression -f --file -l --line-length'],
  [
    'grep|egrep|fgrep|zgrep',
    '-e --regexp -f --file -A -B -C --after-context --before-context --context -m --max-count --include --exclude --exclude-dir --exclude-from --color -d -D --label --binary-files',
  ],
  [
    'rg',
    '-e --regexp -f --file -g --glob --iglob -t --type -T --type-not -A -B -C --after-context --before-context --context -m --max-count -M --max-columns --pre --pre-glob -r --replace -j --threads -d --max-depth --sort --sortr -E --encoding --hostname-bin --type-add --type-clear --ignore-file --path-separator --color --colors --context-separator --field-match-separator --engine --max-filesize --hyperlink-format --generate',
  ],
  ['ag|ack', '-A -B -C -m --depth -G --ignore --ignore-dir --pager -p --type'],
  [
    'fd|fdfind',
    '-e --extension -t --type -d --max-depth --min-depth -E --exclude -x --exec -X --exec-batch -j --threads -c --color -S --size -o --owner --changed-within --changed-before --max-results --base-directory --search-path --path-separator --format --ignore-file',
  ],
  ['head|tail', '-n --lines -c --bytes --pid -s --sleep-interval'],
  ['cut', '-d --delimiter -f --fields -c --characters -b --bytes --output-delimiter'],
  [
    'sort',
    '-k --key -t --field-separator -o --output -S --buffer-size -T --temporary-directory --compress-program --files0-from --batch-size --parallel --random-source --sort',
  ],
  ['uniq', '-f --skip-fields -s --skip-chars -w --check-chars'],
  ['split', '-b -l -n -a -C --bytes --lines --number --suffix-length --filter -t'],
  ['od', '-A -j -N -t -w -S'],
  ['xxd', '-s -l -c -g -o -n'],
  ['hexdump', '-e -f -n -s'],
  ['base64|base32', '-w --wrap -i --input -o --output -b'],
  ['diff', '-U -C -x --exclude -X -I -W --label -L --color -F --to-file --from-file'],
  ['jq', '--arg --argjson --slurpfile --rawfile --indent -f --from-file -L'],
  ['yq', '-o --output-format -p --input-format -I --indent'],
  ['tree', '-L -P -I -o --filelimit --charset --sort -H -T --timefmt'],
  [
    'ls',
    '-I --ignore -w --width -T --block-size --color --format --sort --time --time-style --hide --indicator-style --quoting-style',
  ],
  ['du|df', '-d --max-depth -B --block-size -t --threshold --exclude -X --time --time-style -I --output -x'],
  ['stat', '-c --format --printf -f -t'],
  ['date', '-d --date -s --set -r --reference -f --file -I -v'],
  ['ps|pgrep|lsof', '-o -p -u -U -C -g -t -s -i -d -G --sort --pid --ppid --user -F -c'],
  ['pkill|killall', '-u -U -t -g -P -s -F -G --signal --user --uid -o -y'],
  ['kill', '-s --signal -n'],
  ['chmod|chown|chgrp', '--reference'],
  [
    'psql',
    '-c --command -f --file -d --dbname -h --host -p --port -U --username -v --set --variable -o --output -P --pset -F --field-separator -R -T -L --log-file',
  ],
  [
    'mysql|mariadb|mysqladmin|mysqldump',
    '-e --execute -h --host -P --port -u --user -D --database -S --socket --defaults-file --defaults-extra-file --default-character-set --protocol --ssl-ca -w --pager --tee',
  ],
  ['mongosh|mongo', '--eval --host --port -u --username -p --password --authenticationDatabase -f --file'],
  [
    'redis-cli|valkey-cli',
    '-h -p -a -n -u -r -i -t --user --pass -d -s -D --cacert --cert --key --eval --show-pushes --sni --tls-ciphers',
  ],
  ['sqlite3|duckdb', '-cmd -init -separator -newline -nullvalue -c -s'],
  ['sqlcmd', '-Q -q -S -d -U -P -i -o -E -h -W -s'],
  ['clickhouse-client', '-q --query --host -h --port -u --user --password -d --database -f --format'],
  [
    'cqlsh|trino|presto|hive|beeline|impala-shell|spark-sql|snowsql|usql|isql',
    '-e --execute -q --query -f --file -u --username -p --password -c --command -d -n --server --catalog --schema',
  ],
  ['make|gmake', '-C --directory -f --file --makefile -j --jobs -I --include-dir -o -W -E --eval -l --load-average -O'],
  [
    'cargo',
    '--manifest-path -p --package --bin --example --target --target-dir -F --features -j --jobs --color --config -Z --profile --registry --index --token --vers --version',
  ],
  ['dotnet', '-c --configuration -f --framework -o --output -r --runtime -s --source -k --api-key -v --verbosity'],
  ['mvn', '-f --file -pl --projects -P --activate-profiles -s --settings -T --threads -D'],
  ['gradle|gradlew', '-p --project-dir -b -c -x --exclude-task -I --init-script -P -D --console'],
  [
    'ansible|ansible-playbook',
    '-i --inventory -m --module-name -a --args -e --extra-vars -l --limit -u --user -t --tags -f --forks --vault-password-file --private-key -c',
  ],
  ['compgen|complete|mapfile|readarray', '-C -A -F -W -X -d -n -O -s -u -c'],
  ['man', '-H --html -P --pager -M -C -S -L -m -R -e -r'],
  ['crontab', '-u'],
  ['systemctl', '-H --host -M --machine -n --lines -o --output -t --type --state -p --property -s --signal'],
  [
    'journalctl',
    '-u --unit -n --lines -o --output -S --since -U --until -p -b -g --vacuum-size --vacuum-time --vacuum-files -D',
  ],
  [
    'gpg',
    '--output -o -u --local-user -r --recipient --homedir --passphrase --passphrase-file --keyserver --recv-keys --pinentry-mode --batch-file',
  ],
  ['vim|vi|nvim|ex|emacs|view', '-c --cmd -S -u -s -w -W -l --eval --load -f'],
  ['tmux|screen', '-L -S -f -t -s -n -c -x -y'],
  ['watch', '-n --interval'],
];

/** Long options with one dash: the letters of `-auto-approve` mean nothing. */
const SINGLE =
  'find terraform tofu terragrunt packer nomad vault consul java javac openssl go ffmpeg convert magick gcc g++ clang cc c++ ld xcodebuild xcrun sqlite3 powershell pwsh dotnet-script remove-item qemu-img mvn ant';

/** Programs whose first operand chooses what the options mean. */
const WITH_SUBCOMMANDS = 'git bun';

/** Programs whose words are only printed or compared. */
const TEXT = 'echo printf : true false test [ print yes seq expr';

const SINGLES = new Set(SINGLE.split(' '));
const TEXTS = new Set(TEXT.split(' '));
const SUBCOMMANDS = new Set(WITH_SUBCOMMANDS.split(' '));

const known = new Map<string, Grammar | undefined>();

/** How a program, or one of its subcommands (`git push`), reads its words. Made when it is first asked for: few ever are. */
export function grammarOf(program: string): Grammar | undefined {
  if (known.has(program)) return known.get(program);
  const grammar = makeGrammar(program);
  // What others type is no reason to remember ever more.
  if (grammar !== undefined || known.size < 1000) known.set(program, grammar);
  return grammar;
}

function makeGrammar(program: string): Grammar | undefined {
  if (TEXTS.has(program)) return 'text';
  const options = VALUED.find(([programs]) => programs.split('|').includes(program))?.[1];
  const single = SINGLES.has(program);
  if (options === undefined && !single) return undefined;
  return { valued: new Set(options?.split(' ')), single, subcommands: SUBCOMMANDS.has(program) };
}
