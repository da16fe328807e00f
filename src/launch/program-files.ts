/** The files that nex consists of, wherever they lie: in a folder, or inside the single executable. */
export interface ProgramFiles {
  /** The bytes of a file; undefined when it was not built. */
  read(name: string): Buffer | undefined;
  /** Where a file lies, or would lie, for messages and stack traces. */
  path(name: string): string;
  /** `require` for the program: Node's own modules, and the packages that nex does not carry in its bundle. */
  require: NodeJS.Require;
  /** Where this user's compiled code may be kept between starts; undefined when there is no such place. */
  cache: string | undefined;
}
