// npm run --silent node-path: prints the Node that runs nex here.
import { nodePath } from './toolchain.mjs';

console.log(nodePath());
