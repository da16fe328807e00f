// The entry of the single executable: everything that the program consists of lies inside of it.
import { executableFiles } from './launch/executable-files.ts';
import { launch } from './launch/launch.ts';

launch(process.argv.slice(2), executableFiles(process.env));
