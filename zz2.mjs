import { createPaint } from './src/ui/paint.ts'; import { renderDiff } from './src/ui/diff.ts'; import {execSync} from 'node:child_process';
const p = execSync('git show ca9a8f8').toString();
for (const w of [40,100]) console.log(renderDiff(p.slice(p.indexOf('diff')),{paint:createPaint(+process.argv[2]),columns:w,maxLines:40}).join('\n'));
