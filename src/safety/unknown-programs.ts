import { programName } from './command.ts';
import type { Word } from './word.ts';

/** Programs whose words nex knows not to be commands, though no rule speaks of them. */
const KNOWN = new Set(
  (
    'find gfind fd fdfind xargs gxargs parallel sudo doas env exec command builtin eval source . trap nohup timeout gtimeout nice ionice stdbuf setsid watch strace ltrace bash sh zsh dash ksh ash fish tcsh csh busybox toybox cmd powershell pwsh rename objcopy strip run-s run-p npm-run-all concurrently rimraf shred trash srm ' +
    'echo printf true false test [ : cd pwd export set unset read local declare typeset readonly shift return exit break continue wait jobs fg bg umask ulimit shopt getopts let hash help history alias unalias mapfile readarray caller compgen complete bind dirs suspend logout times disown which type whereis man info apropos whatis ls cat tac nl head tail less more wc sort uniq cut tr paste join comm diff cmp patch grep egrep fgrep zgrep rg ag ack sed gsed awk gawk mawk jq yq xmllint tree stat file du df basename dirname realpath readlink date cal uname whoami id groups hostname uptime free nproc arch env printenv sleep seq yes tee touch mkdir rmdir mktemp cp mv ln rm install rsync scp tar zip unzip gzip gunzip bzip2 xz zstd base64 md5sum sha1sum sha256sum sha512sum shasum md5 cksum od xxd hexdump strings column fold fmt rev expand iconv dos2unix unix2dos ' +
    'git gh glab hub svn hg npm npx pnpm yarn bun deno node corepack nvm fnm volta tsc tsx ts-node eslint prettier biome oxlint vitest jest mocha ava tap c8 nyc playwright cypress webpack rollup vite esbuild swc babel turbo nx lerna changeset semantic-release husky lint-staged commitlint ' +
    'python python3 pip pip3 pipx uv poetry pdm pipenv hatch rye tox nox pytest coverage mypy pyright ruff black isort flake8 pylint bandit sphinx-build mkdocs twine conda mamba jupyter django-admin flask uvicorn gunicorn celery alembic ' +
    'ruby gem bundle rake rails rspec rubocop perl cpan cpanm php composer phpunit artisan lua luarocks java javac jar mvn gradle ant sbt scala kotlin kotlinc groovy clojure lein go gofmt golangci-lint cargo rustc rustup rustfmt gcc g++ cc c++ clang clang++ clang-format ld ar nm objdump make gmake cmake ctest ninja meson bazel buck autoconf automake configure pkg-config swift swiftc xcodebuild pod dotnet nuget msbuild mono elixir mix erl ghc cabal stack ocaml opam dune zig nim crystal julia r rscript dart flutter ' +
    'docker docker-compose podman buildah skopeo kubectl oc helm kustomize k9s minikube kind k3d terraform tofu terragrunt pulumi packer ansible ansible-playbook vagrant vault consul nomad aws gcloud gsutil az doctl heroku fly flyctl vercel netlify wrangler firebase supabase serverless sls sam cdk ' +
    'apt apt-get apt-cache dpkg yum dnf rpm pacman zypper apk brew port snap flatpak choco winget scoop nix nix-env nix-shell systemctl service journalctl launchctl crontab ps top htop kill pkill killall pgrep lsof netstat ss ip ifconfig ping traceroute dig nslookup host curl wget http nc telnet ssh ssh-keygen ssh-add openssl gpg psql mysql sqlite3 redis-cli mongosh pg_dump pg_restore mysqldump createdb ' +
    'vim vi nvim nano emacs code open xdg-open start tmux screen figlet cowsay tput clear reset stty less shellcheck shfmt bats hadolint actionlint markdownlint codespell cspell typos pre-commit act codecov lcov gcov gcovr doxygen pandoc latex pdflatex convert magick ffmpeg identify optipng svgo protoc buf grpcurl ab wrk k6 hey vegeta hyperfine time watchman entr direnv asdf mise'
  ).split(' '),
);

/** Tools of development that may run the words behind them, and use the verbs of removal for their own small things. */
const TOOLS = new Set(
  'expr tldr pixi rye just task moon rush lage wireit lefthook storybook ng vue astro next nuxt remix svelte-kit expo react-native capacitor cordova ionic tauri electron electron-builder hugo jekyll zola mdbook gatsby eleventy docusaurus vitepress wails cookiecutter copier plop hygen nvim-qt gleam roc devbox mago pest pint phpstan psalm rector infection codecept behat sail valet'.split(
    ' ',
  ),
);

/** True for programs of which nobody could say what `delete` and its likes do there. */
export function isStranger(program: string): boolean {
  return !KNOWN.has(program) && !TOOLS.has(program) && !isSlip(program);
}

export function isKnownProgram(program: string): boolean {
  return KNOWN.has(program);
}

/** True for a known program's name with one letter too many: a slip of the finger, which runs nothing. */
function isSlip(program: string): boolean {
  for (let at = 0; at < program.length; at++) if (KNOWN.has(program.slice(0, at) + program.slice(at + 1))) return true;
  return false;
}

/** Programs worth a look where a program that nex does not know may run the words behind it. */
const CARRIED =
  /^(?:rm|shred|dd|mkfs(?:\.\w+)?|wipefs|bash|sh|zsh|dash|sudo|doas|find|truncate|chmod|chown|eval|curl|wget|git|docker|kubectl|terraform|aws|psql|mysql|python3?|node|perl|ruby|dropdb|npm)$/;

/** How many of its words may begin a command. */
const MOST_GUESSES = 3;

/** The words behind an unknown program that read like a command of their own: `wrap rm -rf x`. */
export function guessedTails(words: readonly Word[]): ReadonlyArray<readonly Word[]> {
  const tails: Array<readonly Word[]> = [];
  for (let index = 0; index + 1 < words.length && tails.length < MOST_GUESSES; index++) {
    const word = words[index];
    if (word?.certain && CARRIED.test(programName(word.text))) tails.push(words.slice(index));
  }
  return tails;
}

/** Texts behind options that often hold a command line. */
export function guessedTexts(words: readonly Word[]): readonly Word[] {
  return words.flatMap((_, index) => {
    const text = words[index + 1];
    const option = words[index]?.text ?? '';
    return /^(?:-c|--command|--cmd|--exec|--run|--shell)$/.test(option) && text?.certain && /[\s{;]/.test(text.text)
      ? [text]
      : [];
  });
}
