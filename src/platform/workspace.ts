/** What `stat` of a project path says. */
export interface FileInfo {
  kind: 'file' | 'directory' | 'symlink' | 'other';
  size: number;
  /** Permission bits; 0o755 style. */
  mode: number;
  mtimeMs: number;
}

/** One name in a folder. */
export interface Entry {
  name: string;
  kind: FileInfo['kind'];
  /** What a link says it leads to; it may lead nowhere, or out of the project. */
  target?: string;
}

/** A path that was looked at and found to be allowed. */
export interface Place {
  /** Relative to the project root with forward slashes; `.` is the root. Absolute when in an added folder. */
  path: string;
  /** The real file system path, links resolved. */
  absolute: string;
  /** In the project (readable and writable), or in an added folder (`--add-dir`: readable). */
  area: 'project' | 'added';
}

/**
 * The one door to project files. Every path is checked here: by real path and by segment, links followed,
 * `.git/` and `.nex/` closed for writing. Methods throw WorkspaceError with a sentence for the model.
 */
export interface Workspace {
  /** Real path of the project root. */
  readonly root: string;
  /** True when writes stay in memory (dry run). */
  readonly pretends: boolean;
  locate(path: string, intent: 'read' | 'write'): Promise<Place>;
  stat(path: string): Promise<FileInfo | undefined>;
  /** The bytes of a file. Refuses what is larger than `maxBytes` (default 10 MB) before reading it. */
  read(path: string, maxBytes?: number): Promise<Buffer>;
  /** Writes atomically (temporary sibling, fsync, rename), creating folders, keeping the mode of what was there. */
  write(path: string, content: Buffer): Promise<void>;
  /** Names in a folder, unsorted, without `.` and `..`; what the dry run wrote included. */
  list(path: string): Promise<Entry[]>;
  /** Files that a dry run would have written: path to bytes before and after. Empty for the real thing. */
  pending(): ReadonlyMap<string, { before: Buffer | undefined; after: Buffer }>;
}

/** A path or a file that cannot be used; the message is written for the model to read. */
export class WorkspaceError extends Error {
  readonly reason: 'outside' | 'protected' | 'missing' | 'not_a_file' | 'too_large' | 'unreadable';
  constructor(reason: WorkspaceError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkspaceError';
    this.reason = reason;
  }
}
