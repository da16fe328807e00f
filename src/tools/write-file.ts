import * as z from 'zod';
import { decodeText, ENCODING_NAMES, type Encoding, encodeText, lineEndingOf, linesOf } from '../platform/text-file.ts';
import type { Place } from '../platform/workspace.ts';
import { counted } from './counted.ts';
import { restoreCutLines } from './cut-marks.ts';
import { applyEdits, type Edit } from './edits.ts';
import { didYouMean } from './near-names.ts';
import { shortDiff } from './short-diff.ts';
import { defineTool, type ToolContext } from './tool.ts';

const MAX_FILE_BYTES = 10_000_000;

export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Create or change a file. Give content for a new file or a full rewrite; for changes rather give edits: each old_text must match exactly one place in the file as it is now, line numbers left out; all edits apply or none. Read a file before you change it. Folders are created.',
  effect: 'write',
  input: z.object({
    path: z.string(),
    content: z.string().optional(),
    edits: z.array(z.object({ old_text: z.string(), new_text: z.string() })).optional(),
  }),
  async run({ path, content, edits = [] }, context) {
    const { workspace, seen } = context;
    if ((content === undefined) === (edits.length === 0)) return refuse('Give either content or edits.');
    const place = await workspace.locate(path, 'write');
    const old = await readOld(place, context);
    if (!old.ok) return old;
    if (old.bytes === undefined && content === undefined) {
      return refuse(
        `There is no ${place.path} to edit.${await didYouMean(workspace, place.path)} Give content to create it.`,
      );
    }

    const next = content === undefined ? edited(old, edits, place, context) : rewritten(old, content, place, context);
    if (!next.ok) return refuse(`${place.path} was not changed. ${next.error}`);
    if (!next.text.isWellFormed())
      return refuse(`${place.path} was not changed: the text holds half a character (a lone surrogate).`);
    const encoded = encodeText(next.text, old.encoding);
    if (!encoded.ok) {
      const name = ENCODING_NAMES[old.encoding];
      return refuse(
        `${place.path} was not changed: it is ${name}, which has no "${encoded.character}". Use characters that it has, or convert the file first (iconv).`,
      );
    }

    if (old.bytes?.equals(encoded.bytes))
      return { ok: true, output: `${place.path} has this content already; nothing was written.` };
    await workspace.write(path, encoded.bytes);
    const lines = linesOf(next.text).length;
    seen.noteWritten(place.path, encoded.bytes, lines);
    const pretended = workspace.pretends ? ' (dry run: kept in memory)' : '';
    if (old.bytes === undefined)
      return {
        ok: true,
        output: `Created ${place.path}, ${counted(lines, 'line')}${pretended}.`,
        changed: [place.path],
      };
    const diff = shortDiff(old.text, next.text);
    return {
      ok: true,
      output: `Changed ${place.path}, +${diff.added} -${diff.removed} lines${pretended}.\n${diff.text}`,
      changed: [place.path],
    };
  },
});

interface Old {
  ok: true;
  /** Undefined when there is no file yet. */
  bytes: Buffer | undefined;
  text: string;
  encoding: Encoding;
}

type Failure = { ok: false; error: string };

function refuse(error: string): Failure {
  return { ok: false, error };
}

/** What is there now, if the model may change it: text that it has seen and that has not changed since. */
async function readOld(place: Place, { workspace, seen }: ToolContext): Promise<Old | Failure> {
  const info = await workspace.stat(place.absolute);
  if (!info) return { ok: true, bytes: undefined, text: '', encoding: 'utf-8' };
  if (info.kind === 'directory') return refuse(`${place.path} is a folder.`);
  const bytes = await workspace.read(place.absolute, MAX_FILE_BYTES);
  const sight = seen.of(place.path, bytes);
  if (sight === 'never' && bytes.length > 0)
    return refuse(`${place.path} exists and you have not read it. Read it first.`);
  if (sight === 'stale') return refuse(`${place.path} has changed since you read it. Read it again.`);
  const content = decodeText(bytes);
  if (content.kind === 'binary')
    return refuse(`${place.path} is not text (${content.name}); it cannot be changed here.`);
  return { ok: true, bytes, text: content.text, encoding: content.encoding };
}

type Next = { ok: true; text: string } | Failure;

function edited(old: Old, edits: readonly Edit[], place: Place, context: ToolContext): Next {
  const real: Edit[] = [];
  for (const edit of edits) {
    const from = meant(edit.old_text, old.text, place, context);
    const to = meant(edit.new_text, old.text, place, context);
    if (!from.ok) return from;
    if (!to.ok) return to;
    real.push({ old_text: from.text, new_text: to.text });
  }
  return applyEdits(old.text, real);
}

function rewritten(old: Old, content: string, place: Place, context: ToolContext): Next {
  if (old.bytes === undefined || old.bytes.length === 0) return meant(content, '', place, context);
  if (content === '')
    return refuse(
      'The content is empty, which would wipe the file. To delete it use run_command; to empty it, use edits.',
    );
  if (context.seen.of(place.path, old.bytes) !== 'whole') {
    return refuse(
      'You have read only a part of it, and content replaces all of it. Use edits, or read the rest first.',
    );
  }
  const real = meant(content.replace(/^\ufeff/, ''), old.text, place, context);
  if (!real.ok) return real;
  return { ok: true, text: real.text.replaceAll('\r\n', '\n').replaceAll('\n', lineEndingOf(old.text)) };
}

/** The text the model means: what nex left out or replaced by a placeholder put back in its place. */
function meant(text: string, original: string, place: Place, context: ToolContext): Next {
  const whole = restoreCutLines(text, original);
  return whole.ok ? context.restore(whole.text, place.path) : whole;
}
