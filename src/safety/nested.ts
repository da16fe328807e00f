import type { Place } from './command.ts';
import type { Stream, Word } from './word.ts';

/** Languages whose source text is looked into. */
export type Language =
  | 'python'
  | 'javascript'
  | 'ruby'
  | 'perl'
  | 'php'
  | 'lua'
  | 'r'
  | 'awk'
  | 'sed'
  | 'applescript'
  | 'lisp'
  | 'sql'
  | 'other';

/** What a program would run in its turn. */
export type Nested =
  /** Another program with these words. */
  | {
      kind: 'command';
      words: readonly Word[];
      environment?: ReadonlyMap<string, Word>;
      input?: Stream;
      place?: Place;
      /** The folder it runs in, when that is another one. */
      folder?: Word;
    }
  /** Text for a shell. `here`: the present shell itself (`eval`), so that what it sets stays set. */
  | {
      kind: 'shell';
      text: Word;
      positional?: readonly Word[];
      /** `$0`. */
      zero?: Word;
      place?: Place;
      here?: boolean;
      input?: Stream;
      folder?: Word;
    }
  /** A file with shell text (`language` undefined) or source code. */
  | { kind: 'script'; path: Word; language?: Language; positional?: readonly Word[]; here?: boolean }
  | { kind: 'code'; language: Language; text: Word }
  | { kind: 'sql'; text: Word; client: string }
  | { kind: 'powershell'; text: Word }
  | { kind: 'cmd'; text: Word }
  /** A danger seen on the way. */
  | { kind: 'finding'; rule: string; detail?: string };
