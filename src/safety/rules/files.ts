import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const files = rulesFor('files');
const outside = rulesFor('outside');

/** Removing and emptying files, and writing where the project ends. */
export const FILE_RULES: readonly Rule[] = [
  files.found('wipe-root', 'deny', 'Removes everything on the disk.'),
  files.found('wipe-home', 'deny', 'Removes all files of a person.'),
  files.ask(
    'rm-recursive',
    { programs: 'rm grm trash rmtree', flags: '-r -R --recursive' },
    'Removes a folder with all that is in it.',
    'Remove the files by name, without -r.',
  ),
  files.found(
    'rm-forced',
    'ask',
    'Removes files without asking and without complaint.',
    'Remove the file by name, without -f.',
  ),
  files.ask(
    'rm-many',
    { programs: 'rm grm unlink rmdir trash', open: true },
    'Removes files that are not named: only running it shows which.',
    'List the files first, then remove them by name.',
  ),
  files.ask(
    'rimraf',
    { programs: 'rimraf del-cli rimraf2 trash-empty remove_directory' },
    'Removes folders with all that is in them.',
    'Remove the files by name.',
  ),
  files.ask(
    'shred',
    { programs: 'shred srm wipe scrub sfill' },
    'Overwrites files so that nothing can bring them back.',
    'Remove the file by name.',
  ),
  files.found('find-delete', 'ask', 'Removes every file that the search finds.', 'Run the search with -print first.'),
  files.ask(
    'truncate',
    { programs: 'truncate', text: /(?:^|\s)(?:-\w*s|--size)[= ]?['"]?(?:0+[kKmMgGbB]*(?:\s|$)|[-<%/])/ },
    'Cuts off the content of a file.',
    'Write the new content with write_file.',
  ),
  files.found('empty', 'ask', 'Empties a file.', 'Use touch for a new file, or write_file for new content.'),
  files.ask(
    'empty-copy',
    { programs: 'cp install dd', text: /^(?:-\S+ |[0-7]{3,4} )*(?:if=)?\/dev\/null (?!-)/ },
    'Empties a file.',
    'Write the new content with write_file.',
  ),
  files.ask(
    'empty-edit',
    { programs: 'sed gsed', flags: '-i --in-place', text: /(?:^|\s)(?:1,\$\s*)?d(?:\s|$)/ },
    'Empties a file.',
    'Write the new content with write_file.',
  ),
  files.ask(
    'empty-editor',
    { programs: 'ex ed vi vim nvim', text: /(?:%|1,\$)d(?:e\w*)?!?(?:[\s|]|$)/ },
    'Empties a file.',
    'Write the new content with write_file.',
  ),
  files.found(
    'move-out',
    'ask',
    'Moves files out of the project, to where they may be gone tomorrow.',
    'Copy them, or leave them where they are.',
  ),
  files.ask('move-away', { programs: 'mv', operand: /^\/dev\/null$/ }, 'Moves files into nothing.'),
  files.ask(
    'rsync-delete',
    {
      programs: 'rsync',
      flags:
        '--delete --delete-before --delete-after --delete-during --delete-delay --delete-excluded --del --remove-source-files --delete-missing-args',
      unless: '-n --dry-run',
    },
    'Removes files that are not in the source.',
    'Run it with --dry-run first.',
  ),
  files.ask(
    'tar-remove',
    { programs: 'tar bsdtar gtar', flags: '--remove-files' },
    'Removes the files once they are in the archive.',
  ),
  files.ask('zip-move', { programs: 'zip', flags: '-m --move' }, 'Removes the files once they are in the archive.'),
  files.ask(
    'archive-move',
    { programs: '7z 7za 7zz rar arj lha', text: /(?:^|\s)-sdel(?:\s|$)|(?:^|\s)-df(?:\s|$)|^mf?\s/ },
    'Removes the files once they are in the archive.',
  ),
  files.ask(
    'cleaners',
    {
      programs: 'bleachbit rdfind gio unison',
      text: /(?:^|\s)(?:-c|--clean|--shred|-deleteduplicates true|trash|remove|-force|-prefer|'?\*'?)(?:\s|$)/,
      except: /(?:^|\s)(?:-p|--preview|-n true|-dryrun true|list|info|cat|open|mime|--list|--help|--version)(?:\s|$)/,
    },
    'Removes files that are not named.',
  ),
  files.ask('trash-rm', { programs: 'trash-rm' }, 'Removes files for good.'),
  files.ask('rename-away', { programs: 'rename prename', text: /\.\.\\?\// }, 'Moves files to another folder.'),
  files.ask('lerna-clean', { programs: 'lerna', sub: /^clean\b/ }, 'Removes the node_modules folder of every package.'),
  files.ask(
    'test-folder',
    { programs: 'pytest py.test', text: /--basetemp[= ](?!["']?(?:\/tmp|\$))/ },
    'Empties the folder before the tests run.',
  ),
  files.ask(
    'overwrite-links',
    { programs: 'ln', flags: '-f --force', operand: /^\/|^~/ },
    'Replaces a file by a link to another place.',
  ),
  files.ask(
    'fd-remove',
    { programs: 'rmlint fdupes jdupes', flags: '-d --delete -N -g' },
    'Removes files that it takes for copies.',
  ),
  files.ask(
    'windows-folder',
    { programs: 'rd rmdir', text: /(?:^|\s)\/s\b/i },
    'Removes a folder with all that is in it.',
    'Remove the files by name.',
  ),
  files.ask(
    'windows-files',
    { programs: 'del erase', text: /(?:^|\s)\/[sfq]\b|[*?]|(?:^|\s)-(?:r|rec\w*|fo\w*)(?:\s|$)/i },
    'Removes files without asking.',
    'Remove the files by name.',
  ),
  files.ask(
    'windows-item',
    {
      programs: 'remove-item ri',
      text: /(?:^|\s)-(?:r(?:e\w*)?|fo(?:r\w*)?)(?:\s|$|:)|[*?]|…|^(?:-\w+\s*)*$/i,
      except: /-whatif/i,
    },
    'Removes a folder with all that is in it.',
    'Remove the files by name.',
  ),
  files.ask('windows-clear', { programs: 'clear-content clear-recyclebin' }, 'Empties files.'),
  files.ask(
    'windows-mirror',
    { programs: 'robocopy', text: /\s\/(?:mir|purge|mov|move)\b/i },
    'Removes files that are not in the source.',
  ),
  outside.found(
    'write',
    'ask',
    'Writes outside the project, where no checkpoint reaches.',
    'Write inside the project.',
  ),
  outside.found('remove', 'ask', 'Removes files outside the project, where no checkpoint reaches.'),
  outside.found('unknown', 'ask', 'Writes to a place that is only known when it runs.', 'Name the file.'),
  outside.ask(
    'nex-command',
    {
      programs: 'nex',
      text: /^(?!$|(?:status|errors|context|help|completion|safety|sessions(?! rename)|doctor(?!.*--repair)|index|rollback --list|config(?: get| list|$))(?: |$)|--version|--help|-[Vh](?: |$))/,
    },
    'Starts another task, or changes settings or the work of one.',
    'Leave it to the person at the terminal.',
  ),
  outside.found('nex', 'ask', 'Changes files of nex itself.', 'Leave .nex alone.'),
];
