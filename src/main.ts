#!/usr/bin/env node
// The entry of the npm package: the program lies in the files beside this one.
import { folderFiles } from './launch/folder-files.ts';
import { launch } from './launch/launch.ts';

launch(process.argv.slice(2), folderFiles(import.meta.dirname, process.env));
