import * as z from 'zod';
import { decodeText, ENCODING_NAMES, linesOf } from '../platform/text-file.ts';
import { WorkspaceError } from '../platform/workspace.ts';
import { counted } from './counted.ts';
import { cutLine, cutMark } from './cut-marks.ts';
import { didYouMean } from './near-names.ts';
import { defineTool, wholeNumber } from './tool.ts';

const MAX_LINES = 2_000;
const MAX_PAGE_BYTES = 50_000;
/** So few lines cost no more than the note that they stand above already. */
const FEW_LINES = 3;
/** Larger files are logs and data; a command with a filter serves better. */
const MAX_FILE_BYTES = 80_000_000;

export const readFile = defineTool({
  name: 'read_file',
  description: `Read a text file as numbered lines, up to ${MAX_LINES} at a time. Paths are relative to the project root.`,
  effect: 'read',
  input: z.object({
    path: z.string(),
    start_line: wholeNumber().optional(),
    end_line: wholeNumber().optional(),
  }),
  async run({ path, start_line, end_line }, { workspace, seen }) {
    const place = await workspace.locate(path, 'read');
    const info = await workspace.stat(path);
    if (!info)
      throw new WorkspaceError('missing', `There is no ${place.path}.${await didYouMean(workspace, place.path)}`);
    if (info.kind === 'directory')
      return { ok: false, error: `${place.path} is a folder; list_directory shows what is in it.` };
    if (info.size > MAX_FILE_BYTES) {
      const size = `${Math.round(info.size / 1e6).toLocaleString('en-US')} MB`;
      return {
        ok: false,
        error: `${place.path} has ${size}, too much to read here. Look at parts of it with run_command (head, tail, sed -n, grep).`,
      };
    }

    const bytes = await workspace.read(path, MAX_FILE_BYTES);
    const content = decodeText(bytes);
    if (content.kind === 'binary') {
      return {
        ok: false,
        error: `${place.path} is not text (${content.name}, ${bytes.length.toLocaleString('en-US')} bytes), so it is not shown.`,
      };
    }
    const lines = linesOf(content.text);
    if (lines.length === 0) {
      seen.note(place.path, bytes, 1, 0, 0);
      return { ok: true, output: `${place.path} is empty.` };
    }
    const first = Math.max(1, start_line ?? 1);
    const last = Math.min(lines.length, end_line ?? lines.length);
    if (first > lines.length)
      return { ok: false, error: `${place.path} has ${counted(lines.length, 'line')}; there is no line ${first}.` };
    if (last < first) return { ok: false, error: `end_line ${end_line} comes before start_line ${first}.` };

    // A part that is asked for by its lines is always shown: that is how to see something again.
    const all = start_line === undefined && end_line === undefined;
    if (all && lines.length > FEW_LINES && seen.shows(place.path, bytes, 1, lines.length)) {
      return {
        ok: true,
        output: `${place.path} has not changed since all ${lines.length} lines of it were shown to you above. To see a part again, name its lines.`,
      };
    }
    const page = pageOf(lines, first, last);
    const until = first + page.length - 1;
    seen.note(place.path, bytes, first, until, lines.length);
    const notes = [
      until < last && cutMark(last - until, `more lines of ${lines.length}; go on with start_line ${until + 1}`),
      content.encoding !== 'utf-8' &&
        `(${ENCODING_NAMES[content.encoding]}${content.encoding === 'latin-1' ? ' or the like, not UTF-8' : ''})`,
      until === lines.length && !content.text.endsWith('\n') && '(no newline at the end of the file)',
    ].filter((note) => note !== false);
    return { ok: true, output: [...page, ...notes].join('\n') };
  },
});

/** Numbered lines from `first` to `last`, as far as they fit on a page; at least one. */
function pageOf(lines: readonly string[], first: number, last: number): string[] {
  const page: string[] = [];
  let room = MAX_PAGE_BYTES;
  for (let number = first; number <= last && page.length < MAX_LINES; number++) {
    const line = `${String(number).padStart(4)} | ${cutLine(lines[number - 1] ?? '')}`;
    room -= Buffer.byteLength(line) + 1;
    if (room < 0 && page.length > 0) break;
    page.push(line);
  }
  return page;
}
