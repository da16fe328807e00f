// Long because it is data: one row a rule.
import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const git = rulesFor('git');
const refs = rulesFor('refs');

const CAN_BE_LOST = 'Loses work that git does not keep elsewhere.';
const MOVES = 'Moves HEAD or a branch, which nex keeps still so that the task can be undone.';
const LEAVE_TO_NEX = 'Leave it to nex: it commits the task on a branch of its own.';

/** Losing work that git keeps, and moving what nex relies on. */
export const GIT_RULES: readonly Rule[] = [
  git.ask(
    'push-force',
    {
      programs: 'git',
      sub: /^push(?![\w-])/,
      flags: '-f --force --force-with-lease --force-if-includes --mirror --prune',
      unless: '-n --dry-run',
    },
    'Overwrites what others may already have.',
    'Push to a new branch.',
  ),
  git.ask(
    'push-delete',
    { programs: 'git', sub: /^push(?![\w-])/, flags: '-d --delete', unless: '-n --dry-run' },
    'Deletes a branch or tag for everybody.',
  ),
  git.ask(
    'push-refspec',
    { programs: 'git', sub: /^push(?![\w-])/, operand: /^\+|^:./, unless: '-n --dry-run' },
    'Overwrites or deletes a branch for everybody.',
    'Push to a new branch.',
  ),
  git.ask(
    'reset-hard',
    { programs: 'git', sub: /^reset(?![\w-])/, flags: '--hard --merge --keep' },
    'Throws away changes that were never committed.',
    'Use git stash, or git reset without --hard.',
  ),
  git.ask(
    'checkout-paths',
    { programs: 'git', sub: /^checkout(?![\w-])/, dashes: true },
    'Throws away changes that were never committed.',
    'Look at git diff first; nex rollback brings back single steps.',
  ),
  git.ask(
    'checkout-discard',
    { programs: 'git', sub: /^checkout(?![\w-])/, flags: '-f --force --ours --theirs -p --patch --pathspec-from-file' },
    'Throws away changes that were never committed.',
  ),
  git.ask(
    'checkout-files',
    {
      programs: 'git',
      sub: /^checkout (?:\S+ )*(?:\.{1,2}(?:\/\S*)?|:\/\S*|\S*\*\S*|\S+\/|\S*\w\.[a-zA-Z]{1,5})(?: |$)/,
      unless: '-b -B --orphan',
    },
    'Throws away changes that were never committed.',
    'Look at git diff first; nex rollback brings back single steps.',
  ),
  git.ask(
    'checkout-tree',
    { programs: 'git', sub: /^checkout \S+ \S/, unless: '-b -B --orphan' },
    'Replaces files by older ones.',
  ),
  git.ask(
    'checkout-index',
    { programs: 'git', sub: /^checkout-index(?![\w-])/, flags: '-f --force' },
    'Throws away changes that were never committed.',
  ),
  git.ask(
    'read-tree',
    { programs: 'git', sub: /^read-tree(?![\w-])/, flags: '-u --reset -m' },
    'Replaces the files of the working tree.',
  ),
  git.ask(
    'restore',
    { programs: 'git', sub: /^restore(?![\w-])/, unless: '-S --staged' },
    'Throws away changes that were never committed.',
    'Look at git diff first; use git restore --staged to unstage.',
  ),
  git.ask(
    'restore-worktree',
    { programs: 'git', sub: /^restore(?![\w-])/, flags: '-W --worktree' },
    'Throws away changes that were never committed.',
  ),
  git.ask(
    'switch-discard',
    { programs: 'git', sub: /^switch(?![\w-])/, flags: '-f --force --discard-changes -C --force-create' },
    CAN_BE_LOST,
  ),
  git.ask(
    'clean',
    { programs: 'git', sub: /^clean(?![\w-])/, unless: '-n --dry-run' },
    'Removes files that git does not know.',
    'Run git clean -n to see which, then remove them by name.',
  ),
  git.ask('stash-drop', { programs: 'git', sub: /^stash (?:drop|clear)(?![\w-])/ }, 'Throws away stashed work.'),
  git.ask(
    'branch-force',
    { programs: 'git', sub: /^branch(?![\w-])/, flags: '-D -f --force -M -C' },
    'Deletes or moves a branch whatever is on it.',
    'Use git branch -d, which refuses when work would be lost.',
  ),
  git.ask(
    'checkout-branch',
    { programs: 'git', sub: /^checkout(?![\w-])/, flags: '-B' },
    'Moves a branch whatever is on it.',
  ),
  git.ask(
    'tag-delete',
    { programs: 'git', sub: /^tag(?![\w-])/, flags: '-d --delete -f --force' },
    'Deletes or moves a tag.',
  ),
  git.ask(
    'amend',
    { programs: 'git', sub: /^commit(?![\w-])/, flags: '--amend', unless: '--dry-run' },
    'Rewrites a commit.',
    'Make a new commit.',
  ),
  git.ask(
    'rebase',
    { programs: 'git', sub: /^rebase(?![\w-])/, unless: '--show-current-patch' },
    'Rewrites commits.',
    'Merge instead.',
  ),
  git.ask(
    'rewrite',
    { programs: 'git', sub: /^(?:filter-branch|filter-repo|fast-import|replace|replay)(?![\w-])/ },
    'Rewrites history.',
  ),
  git.ask('rewrite-tools', { programs: 'bfg git-filter-repo git-filter-branch' }, 'Rewrites history.'),
  git.ask('bfg', { programs: 'java', text: /\bbfg\S*\.jar\b/ }, 'Rewrites history.'),
  git.ask(
    'reflog',
    { programs: 'git', sub: /^reflog (?:expire|delete)(?![\w-])/, unless: '-n --dry-run' },
    'Forgets where lost commits were.',
  ),
  git.ask(
    'prune',
    { programs: 'git', sub: /^prune(?![\w-])/, unless: '-n --dry-run' },
    'Removes commits that nothing points at any more.',
  ),
  git.ask(
    'gc',
    { programs: 'git', sub: /^gc(?![\w-])/, flags: '--prune' },
    'Removes commits that nothing points at any more.',
  ),
  git.ask(
    'repack',
    { programs: 'git', sub: /^repack(?![\w-])/, flags: '-d -a -A' },
    'Removes commits that nothing points at any more.',
  ),
  git.ask('update-ref', { programs: 'git', sub: /^update-ref(?![\w-])/ }, 'Moves or deletes a branch without a check.'),
  git.ask(
    'rm',
    { programs: 'git', sub: /^rm(?![\w-])/, flags: '-r -f --force', unless: '--cached -n --dry-run' },
    'Removes files or whole folders.',
    'Remove the files by name.',
  ),
  git.ask(
    'rm-index',
    { programs: 'git', sub: /^rm(?![\w-])/, flags: '-f --force', and: '--cached', unless: '-n --dry-run' },
    'Throws away what was staged.',
    'Leave out -f.',
  ),
  git.ask(
    'rm-many',
    { programs: 'git', sub: /^rm (?:\S+ )*(?:\.{1,2}\/?|:\/?|\S*\*\S*)(?: |$)/, unless: '--cached -n --dry-run' },
    'Removes files that are not named.',
    'Remove the files by name.',
  ),
  git.ask(
    'worktree-remove',
    { programs: 'git', sub: /^worktree remove(?![\w-])/, flags: '-f --force' },
    'Removes a working tree with what was not committed in it.',
  ),
  git.ask(
    'submodule-deinit',
    { programs: 'git', sub: /^submodule deinit(?![\w-])/ },
    'Removes the files of a submodule.',
  ),
  git.ask(
    'submodule-force',
    { programs: 'git', sub: /^submodule update(?![\w-])/, flags: '-f --force' },
    'Throws away changes in a submodule.',
  ),
  git.ask(
    'remote-remove',
    { programs: 'git', sub: /^remote (?:remove|rm)(?![\w-])/ },
    'Forgets a remote and its branches.',
  ),
  git.ask(
    'lfs',
    { programs: 'git', sub: /^lfs (?:prune|migrate|uninstall)(?![\w-])/, unless: '-d --dry-run' },
    'Removes or rewrites large files.',
  ),
  git.ask(
    'svn-annex',
    {
      programs: 'git',
      sub: /^(?:svn (?:reset|dcommit|rebase|gc)|annex (?:drop\w*|uninit|forget|unused|move))(?![\w-])/,
      unless: '-n --dry-run',
    },
    CAN_BE_LOST,
  ),
  git.ask(
    'serve',
    { programs: 'git', sub: /^(?:daemon|instaweb|http-backend)(?![\w-])/ },
    'Opens the repository to others, or starts programs for them.',
  ),
  git.ask('internals', { programs: 'git-gc git-prune git-reset git-clean git-push git-checkout' }, CAN_BE_LOST),
  git.found('directory', 'ask', 'Changes files inside .git, where hooks and settings run programs.', 'Use git itself.'),
  git.ask(
    'hg',
    {
      programs: 'hg',
      sub: /^(?:strip|purge|rollback|histedit|revert|update|up|rebase|clean)(?![\w-])/,
      except: /(?:^|\s)(?:-n|--dry-run|-p)(?:\s|$)/,
    },
    CAN_BE_LOST,
  ),
  git.ask('svn', { programs: 'svn', sub: /^(?:revert|cleanup|delete|del|rm|remove|commit|ci)(?![\w-])/ }, CAN_BE_LOST),
  git.ask(
    'jj',
    { programs: 'jj', sub: /^(?:abandon|op (?:restore|undo|abandon)|undo|restore|git push|squash)(?![\w-])/ },
    CAN_BE_LOST,
  ),
  git.ask('p4', { programs: 'p4', sub: /^(?:revert|obliterate|clean|delete|submit)(?![\w-])/ }, CAN_BE_LOST),

  refs.ask(
    'commit',
    { programs: 'git', sub: /^(?:commit|commit-graph write)(?![\w-])/, unless: '--dry-run' },
    MOVES,
    LEAVE_TO_NEX,
  ),
  refs.ask(
    'push',
    {
      programs: 'git',
      sub: /^(?:push|send-pack|http-push|svn dcommit|p4 submit|subtree push|lfs push)(?![\w-])/,
      unless: '-n --dry-run',
    },
    'Publishes commits.',
    'nex prints the command for a push when the task is done.',
  ),
  refs.ask(
    'reset',
    { programs: 'git', sub: /^reset (?!(?:HEAD|@)(?:\s|$))\S/ },
    MOVES,
    'Use git restore --staged to unstage.',
  ),
  refs.ask('checkout', { programs: 'git', sub: /^checkout(?![\w-])/ }, MOVES, LEAVE_TO_NEX),
  refs.ask('switch', { programs: 'git', sub: /^switch(?![\w-])/ }, MOVES, LEAVE_TO_NEX),
  refs.ask(
    'stash',
    { programs: 'git', sub: /^stash\b(?! (?:list|show)\b)/ },
    'Changes the stash, and takes changes out of the working tree.',
  ),
  refs.ask(
    'branch-change',
    {
      programs: 'git',
      sub: /^branch(?![\w-])/,
      flags: '-d --delete -m --move -c --copy -u --set-upstream-to --unset-upstream --edit-description',
    },
    'Changes branches.',
    LEAVE_TO_NEX,
  ),
  refs.ask(
    'branch',
    {
      programs: 'git',
      sub: /^branch \S/,
      unless: '-l --list --contains --no-contains --merged --no-merged --points-at --show-current',
    },
    'Makes a branch.',
    LEAVE_TO_NEX,
  ),
  refs.ask(
    'tag',
    {
      programs: 'git',
      sub: /^tag \S/,
      unless: '-l --list -n --contains --no-contains --points-at --merged --no-merged -v --verify',
    },
    'Makes a tag.',
  ),
  refs.ask(
    'merge',
    { programs: 'git', sub: /^(?:merge|pull|cherry-pick|revert|am|subtree (?:add|merge|pull))(?![\w-])/ },
    MOVES,
    LEAVE_TO_NEX,
  ),
  refs.ask(
    'fetch-into',
    { programs: 'git', sub: /^fetch(?![\w-])/, operand: /^\+?[\w/.*-]+:[\w/.*-]+$/ },
    'Writes fetched commits over a branch.',
    'Fetch without naming a branch.',
  ),
  refs.ask('symbolic-ref', { programs: 'git', sub: /^symbolic-ref \S+ \S/ }, MOVES),
  refs.ask('symbolic-ref-delete', { programs: 'git', sub: /^symbolic-ref(?![\w-])/, flags: '-d --delete' }, MOVES),
  refs.ask(
    'notes',
    { programs: 'git', sub: /^notes (?:add|append|edit|copy|remove|merge|prune)(?![\w-])/ },
    'Changes notes.',
  ),
  refs.ask(
    'worktree',
    { programs: 'git', sub: /^worktree (?:add|move|remove|prune|lock|unlock|repair)(?![\w-])/, unless: '-n --dry-run' },
    'Makes, moves or removes a working tree.',
  ),
  refs.ask(
    'remote',
    {
      programs: 'git',
      sub: /^remote (?:add|rename|set-url|set-head|set-branches|prune)(?![\w-])/,
      unless: '-n --dry-run',
    },
    'Changes where git fetches from and pushes to.',
  ),
  refs.ask(
    'config',
    {
      programs: 'git',
      sub: /^config (?!get\b|list\b)\S+ \S/,
      unless: '--get --get-all --get-regexp --get-urlmatch --list -l --get-color --get-colorbool',
    },
    "Changes git's settings.",
    'Use git -c for one call.',
  ),
  refs.ask(
    'config-remove',
    {
      programs: 'git',
      sub: /^config(?![\w-])/,
      flags: '--unset --unset-all --add --replace-all --rename-section --remove-section -e --edit',
    },
    "Changes git's settings.",
  ),
  refs.ask('bisect', { programs: 'git', sub: /^bisect (?!log\b|view\b|visualize\b|help\b)/ }, MOVES),
  refs.ask(
    'sparse',
    { programs: 'git', sub: /^sparse-checkout (?:set|add|init|disable|reapply)(?![\w-])/ },
    "Changes which files are there, and git's settings.",
  ),
  refs.ask('undo', { programs: 'git', sub: /^(?:undo|uncommit|unstage|sync|amend)(?![\w-])/ }, MOVES),
];
