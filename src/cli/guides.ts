import { join } from 'node:path';
import { listShipped, readShipped } from '../platform/shipped-files.ts';

/** A guide of `nex help TOPIC`. */
export interface Guide {
  topic: string;
  /** Its first paragraph, on one line. */
  about: string;
  /** Markdown. */
  text: string;
}

/** The guides that ship with this program, by topic. Each is a Markdown file: a title, and a first sentence that says what it is about. */
export function readGuides(folder: string): Guide[] {
  return listShipped(folder)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => {
      const text = readShipped(join(folder, name)).toString('utf8');
      const [, about = ''] = text.split(/\n\s*\n/);
      return { topic: name.slice(0, -3), about: about.replace(/\s+/g, ' ').trim(), text };
    });
}
