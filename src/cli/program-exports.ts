// What the built program offers: to its entry, and to the build, which writes the help texts down.
export { helpTexts } from './help-texts.ts';
export { runCli } from './program.ts';
