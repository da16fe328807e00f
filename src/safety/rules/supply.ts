// Long because it is data: one row a rule.
import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const packages = rulesFor('packages');
const publishing = rulesFor('publishing');

const PUBLIC = 'Publishes for everybody; it cannot be taken back for good.';
const TAKEN = 'Takes a published version or a right away from everybody.';
const REHEARSE = 'Run it with --dry-run first.';
const UNINSTALLS = 'Removes software from the machine.';
const CHANGES_MACHINE = 'Changes the software of the machine, where no checkpoint reaches.';
const CHANGES_SOURCE = 'Changes where packages come from, or what runs them, for every project.';
const LIVE = 'Changes what runs for everybody.';

/** Software of the machine, and what leaves it for others. */
export const SUPPLY_RULES: readonly Rule[] = [
  packages.ask(
    'apt',
    {
      programs: 'apt apt-get aptitude nala',
      operand: /^(?:remove|purge|autoremove|autopurge|full-upgrade|dist-upgrade)$/,
      unless: '-s --simulate --dry-run --just-print --no-act --recon',
    },
    UNINSTALLS,
  ),
  packages.ask(
    'dpkg',
    {
      programs: 'dpkg',
      flags: '-r -P --remove --purge --force-all --force-depends',
      unless: '--dry-run --no-act --simulate',
    },
    UNINSTALLS,
  ),
  packages.ask(
    'rpm',
    {
      programs: 'yum dnf microdnf zypper tdnf',
      operand: /^(?:remove|erase|autoremove|rm|history|swap|downgrade|distro-sync|group)$/,
      except: /^history(?: list| info|$)|^group(?: list| info| install)|--assumeno|--dry-run/,
    },
    UNINSTALLS,
  ),
  packages.ask('rpm-erase', { programs: 'rpm', flags: '-e --erase', unless: '--test' }, UNINSTALLS),
  packages.ask(
    'pacman',
    {
      programs: 'pacman yay paru pamac',
      text: /(?:^|\s)(?:-R\w*|--remove|remove|-Scc|-Rns\w*)(?:\s|$)/,
      unless: '-p --print',
    },
    UNINSTALLS,
  ),
  packages.ask(
    'apk',
    {
      programs:
        'apk opkg xbps-remove emerge slackpkg removepkg eopkg swupd pkg pkg_delete pkgin port brew snap flatpak choco winget scoop chocolatey guix',
      text: /(?:^|\s)(?:del|delete|remove|uninstall|rm|autoremove|deinstall|clean-system|--unmerge|-C|--depclean|zap|purge|unlink|unpin|reset|refresh --revert|revert|upgrade --all)(?:\s|$)/,
      except: /--dry-run|-n(?:\s|$)|^(?:search|info|list)\b|--simulate|--noop/,
    },
    UNINSTALLS,
  ),
  packages.ask(
    'removers',
    { programs: 'xbps-remove removepkg pkg_delete uninstall-package uninstall-module' },
    UNINSTALLS,
  ),
  packages.ask(
    'nix',
    {
      programs: 'nix-env nix-collect-garbage nix nix-store guix',
      text: /^$|(?:^|\s)(?:-e|--uninstall|--gc|--delete|--delete-generations|-d|--delete-old|profile (?:remove|wipe-history)|store (?:gc|delete)|gc|delete-generations|remove|--rollback|collect-garbage)(?:\s|$)/,
      except: /^(?:develop|shell|run|build|flake|eval)\b|--print-(?:dead|live|roots)|--dry-run/,
    },
    UNINSTALLS,
  ),
  packages.ask(
    'pip',
    { programs: 'pip pip3 pipx', operand: /^(?:uninstall|uninstall-all)$/ },
    'Removes packages from the environment.',
    'Make a virtual environment for the project.',
  ),
  packages.ask(
    'pip-system',
    { programs: 'pip pip3', flags: '--break-system-packages', operand: /^install$/ },
    CHANGES_MACHINE,
    'Make a virtual environment for the project.',
  ),
  packages.ask(
    'pip-sudo',
    {
      programs: 'sudo doas',
      text: /(?:^|\s)(?:\S*\/)?(?:pip3?|python[\d.]* -m pip) (?:-\S+ )*install(?:\s|$)/,
      except: /(?:^|\s)(?:-u|--user)(?:\s|$)/,
    },
    CHANGES_MACHINE,
    'Make a virtual environment for the project.',
  ),
  packages.ask(
    'python',
    {
      programs: 'conda mamba micromamba uv pyenv pdm',
      text: /^(?:remove\b.*(?:--all|-n|--name|-p)|(?:conda )?env remove|uninstall|pip uninstall|tool uninstall|python uninstall|venv remove|self uninstall|clean\b.*(?:--all|-a))/,
    },
    'Removes packages from the environment.',
  ),
  packages.ask(
    'conda',
    { programs: 'conda mamba micromamba', sub: /^(?:remove|uninstall|env remove)\b/, unless: '-d --dry-run' },
    'Removes packages from the environment.',
  ),
  packages.ask(
    'global',
    {
      programs: 'npm pnpm yarn bun',
      text: /(?:^|\s)(?:uninstall|remove|rm|un|r|unlink)\s(?:.*\s)?(?:-g|--global|--location=global)(?:\s|$)|(?:^|\s)(?:-g|--global)\s+(?:uninstall|remove|rm|un|r)\s|^global remove\s/,
    },
    UNINSTALLS,
  ),
  packages.ask(
    'global-install',
    {
      programs: 'npm pnpm yarn bun',
      text: /^(?:-\S+ )*(?:i|in|ins|inst|install|add|link|update|up|upgrade)\s(?:.*\s)?(?:-g|--global|--location=global)(?:\s|$)|(?:^|\s)(?:-g|--global)\s+(?:i|install|add|update)\s|^global (?:add|upgrade)\s/,
    },
    CHANGES_MACHINE,
    'Install it in the project, or run it with npx.',
  ),
  packages.ask(
    'gem',
    { programs: 'gem', operand: /^(?:uninstall|cleanup)$/, unless: '-n --dryrun --dry-run -d' },
    UNINSTALLS,
  ),
  packages.ask(
    'toolchains',
    {
      programs:
        'cargo rustup nvm fnm volta asdf mise sdk rbenv ghcup opam juliaup goenv jenv dotnet composer nodenv n elan stack proto',
      text: /^(?:uninstall\b|toolchain (?:uninstall|remove)|self uninstall|target remove|component remove|plugin (?:remove|uninstall)|prune\b|implode|remove (?!-)\S+ --global|switch remove|tool uninstall|workload uninstall|global remove|nuke|plugin-remove)/,
      except: /--dry-run/,
    },
    UNINSTALLS,
  ),

  packages.ask(
    'source',
    {
      programs: 'npm pnpm yarn bun',
      sub: /^(?:config set|c set|set) (?:\S*:)?(?:registry|npmRegistryServer|script-shell|\S*registry|node-options|ignore-scripts|strict-ssl|cafile|https?-proxy|proxy|shell|git|init-module|globalconfig|userconfig|prefix)(?:[= ]|$)/i,
    },
    CHANGES_SOURCE,
  ),
  packages.ask(
    'source-python',
    {
      programs: 'pip pip3',
      sub: /^config set \S*(?:index-url|extra-index-url|trusted-host|find-links|proxy|target|prefix)\b/,
    },
    CHANGES_SOURCE,
  ),
  packages.ask(
    'source-others',
    {
      programs: 'composer gem go poetry conda mamba bundle cargo brew helm apt-add-repository add-apt-repository',
      text: /^(?:config .*(?:-g|--global)\b.*\brepo|config (?:-g|--global)\b|sources (?:-a|--add|-r|--remove)|env -w .*\b(?:GOPROXY|GONOSUMDB|GOSUMDB|GOFLAGS|GOINSECURE|GONOSUMCHECK|GOTOOLCHAIN)=|config repositories|config mirror|config (?:set )?--global)/,
    },
    CHANGES_SOURCE,
  ),
  packages.ask(
    'models',
    { programs: 'ollama lms llm', sub: /^(?:rm|remove|delete|push|cp)\b/ },
    'Removes or publishes models.',
  ),
  packages.ask(
    'device-apps',
    {
      programs: 'adb simctl',
      text: /(?:^|\s)(?:uninstall|erase|pm (?:clear|uninstall|disable\S*)|wipe|disable-verity)(?:\s|$)/,
    },
    'Removes apps or data of a device.',
  ),
  packages.ask(
    'simulators',
    {
      programs: 'xcrun avdmanager sdkmanager',
      text: /^(?:simctl (?:erase|delete|shutdown all)|delete avd|--uninstall)\b/,
    },
    'Removes devices or their data.',
  ),
  packages.ask(
    'certificates',
    {
      programs: 'certbot acme.sh step easyrsa lego',
      text: /(?:^|\s)(?:delete|revoke|unregister|--remove|--revoke|--deactivate|revoke-\S+)(?:\s|$)/,
      except: /--dry-run/,
    },
    'Takes certificates away.',
  ),
  packages.ask(
    'alternatives',
    { programs: 'update-alternatives alternatives', flags: '--remove --remove-all' },
    UNINSTALLS,
  ),
  publishing.ask(
    'npm',
    {
      programs: 'npm pnpm yarn bun',
      sub: /^(?:(?:npm|stage|workspaces foreach|workspace \S+) )?publish\b/,
      unless: '--dry-run',
    },
    PUBLIC,
    REHEARSE,
  ),
  publishing.ask(
    'npm-registry',
    {
      programs: 'npm pnpm yarn',
      sub: /^(?:npm )?(?:unpublish|deprecate|undeprecate|owner (?:add|rm|remove)|access (?!ls|list|get)\S+|dist-tag (?:add|rm|set)|tag (?:add|remove)|team (?:create|destroy|add|rm)|token (?:create|revoke|delete)|org (?:set|rm)|hook (?:add|rm|update)|profile (?:set|enable|disable)|star|unstar|npm tag)\b/,
    },
    TAKEN,
  ),
  publishing.ask(
    'cargo',
    {
      programs: 'cargo',
      sub: /^(?:\+\S+ )?(?:publish|yank|owner|release|workspaces publish|smart-release)\b/,
      unless: '-n --dry-run -l --list',
    },
    PUBLIC,
    REHEARSE,
  ),
  publishing.ask(
    'python',
    { programs: 'twine poetry uv flit hatch pdm maturin rye', operand: /^(?:upload|publish)$/, unless: '--dry-run' },
    PUBLIC,
  ),
  publishing.ask('setup-py', { programs: 'python python3', text: /\bsetup\.py\b.*\b(?:upload|register)\b/ }, PUBLIC),
  publishing.ask(
    'nx',
    { programs: 'nx', sub: /^(?:release(?: publish)?|(?:run-many|affected)\b.* publish)$/, unless: '--dry-run -d' },
    PUBLIC,
    REHEARSE,
  ),
  publishing.ask('gem', { programs: 'gem', operand: /^(?:push|yank|owner|release)$/ }, PUBLIC),
  publishing.ask('rake', { programs: 'rake', operand: /^release(?::\S+)?$|^gem:push$/ }, PUBLIC),
  publishing.ask(
    'java',
    {
      programs: 'mvn mvnw gradle gradlew sbt mill lein',
      operand:
        /^(?::?[\w-]+:)*(?:deploy|publish\w*|uploadArchives|release:\w+|nexus-staging:\w+|jreleaser\w*|closeAndRelease\w*|sonaUpload|publishSigned|bintrayUpload|artifactoryPublish|deploy:deploy(?:-file)?)$/,
      except: /publishToMavenLocal\b|(?:^|\s)(?:--dry-run|-m|-DdryRun(?:=true)?)(?:\s|$)|-DskipDeploy/i,
    },
    PUBLIC,
  ),
  publishing.ask('nuget', { programs: 'dotnet nuget', sub: /^(?:nuget )?(?:push|delete|unlist)\b/ }, PUBLIC),
  publishing.ask(
    'images',
    {
      programs: 'docker podman nerdctl buildah skopeo crane oras docker-compose ko img regctl',
      sub: /^(?:(?:image|manifest|compose|plugin|trust|artifact) )?(?:push|copy|sync|delete|publish|sign)\b/,
      except: /^(?:compose|image) push --dry-run|--dry-run|^copy \S+ (?:dir|oci|docker-archive):/,
    },
    PUBLIC,
  ),
  publishing.ask('images-build', { programs: 'docker podman', sub: /^(?:buildx )?build\b/, flags: '--push' }, PUBLIC),
  publishing.ask(
    'ko',
    { programs: 'ko jib', operand: /^(?:build|publish|apply|resolve)$/, unless: '-L --local --push=false' },
    PUBLIC,
  ),
  publishing.ask(
    'helm',
    { programs: 'helm chart-releaser cr', operand: /^(?:push|cm-push|upload|index)$/, except: /^repo index/ },
    PUBLIC,
  ),
  publishing.ask(
    'github',
    {
      programs: 'gh',
      sub: /^(?:release (?:create|upload|edit)|repo (?:create|fork)|extension publish|pages deploy)\b/,
    },
    PUBLIC,
  ),
  publishing.ask(
    'gitlab',
    { programs: 'glab', sub: /^(?:release (?:create|upload)|repo (?:create|publish|fork))\b/ },
    PUBLIC,
  ),
  publishing.ask(
    'extensions',
    { programs: 'vsce ovsx web-ext chrome-webstore-upload', operand: /^(?:publish|unpublish|sign|upload|delete)$/ },
    PUBLIC,
  ),
  publishing.ask(
    'release-tools',
    {
      programs:
        'semantic-release release-it np lerna changeset changesets goreleaser standard-version auto shipjs beachball bumpp',
      text: /^(?:$|publish|release|shipit|--ci|version|-|--no-git|(?:pre)?(?:major|minor|patch|release)(?:\s|$)|v?\d)|\bpublish\b/,
      except:
        /(?:--dry-run|--snapshot|--no-publish|--skip[-=]publish|-d(?:\s|$)|^version\b|^status\b|^add\b|^check\b|^run\b|^exec\b|^init\b|--help|--version|-v$)/,
    },
    PUBLIC,
    REHEARSE,
  ),
  publishing.ask(
    'others',
    {
      programs:
        'pod mix rebar3 luarocks cpan-upload snapcraft dart flutter pub jsr deno hex stack cabal opam dub nimble vcpkg conan anaconda quarto tlmgr elm crystal zef alr spago wasm-pack wapm wasmer tessl',
      text: /(?:^|\s)(?:trunk push|trunk delete|hex\.(?:publish|retire|owner)|hex publish|hex retire|upload|push|release|publish|pub publish|lib publish|upload --publish|uv-upload)(?:\s|$)/,
      except: /--dry-run|-n(?:\s|$)|^(?:build|test|run|local)\b/,
    },
    PUBLIC,
    REHEARSE,
  ),
  publishing.ask(
    'deploy',
    {
      programs:
        'vercel now netlify firebase wrangler fly flyctl surge gh-pages eb kamal railway eas fastlane amplify heroku appwrite deployctl render dokku cap capistrano ampx clever scalingo gcloud az s2i clasp gatsby-cloud expo shopify forge vapor',
      text: /^(?:$|--prod\b.*|--production\b.*|deploy\b.*|pages (?:deploy|publish)\b.*|publish\b.*|up\b.*|-d \S.*|container:(?:push|release)\b.*|submit\b.*|update\b.*|functions deploy\b.*|app deploy\b.*|run deploy\b.*|webapp (?:up|deploy)\b.*|production \S+.*|hosting:\w+.*|sites:create\b.*|promote\b.*|rollback\b.*|push\b.*|\S+ deploy)$/,
      except:
        /--dry-run|--help|^deploy \S+ (?:list|describe|get-\S+)\b|^(?:dev|build|login|init|link|list|ls|logs|whoami|env ls)\b|--version/,
    },
    LIVE,
  ),
  publishing.ask(
    'lanes',
    { programs: 'fastlane', text: /\b(?:release|beta|deploy|upload\w*|deliver|pilot|supply|production|submit)\b/ },
    LIVE,
  ),
  publishing.ask('surge', { programs: 'surge', text: /^(?!list|login|logout|whoami|token|--help|plan|ssl)/ }, LIVE),
  publishing.ask(
    'stores',
    {
      programs: 'xcrun altool iTMSTransporter fastlane supply',
      text: /\b(?:altool\b.*--upload|upload-app|notarytool submit|deliver|pilot|supply|upload_to_\w+)\b/,
    },
    PUBLIC,
  ),
  publishing.ask(
    'mail',
    { programs: 'sendmail mail mailx mutt swaks msmtp ssmtp git-send-email send-mailmessage', text: /@/ },
    'Sends a message to people.',
  ),
  publishing.ask(
    'mail-git',
    { programs: 'git', sub: /^(?:send-email|imap-send)\b/, unless: '--dry-run' },
    'Sends a message to people.',
  ),
  publishing.found('send', 'ask', 'Sends files of the project to another machine.'),
  publishing.ask(
    'upload',
    {
      programs: 'scp rsync sftp rcp',
      text: /(?:^|\s)(?:[\w.-]+@)?[\w.-]+:\S*$|(?:rsync|sftp|scp):\/\/\S+$/,
      except: /(?:^|\s)(?:-n|--dry-run|--list-only|-\w*n\w*)(?:\s|$)/,
    },
    'Copies files to another machine.',
  ),
];
