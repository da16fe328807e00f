// npm run setup: the pinned Node if needed, then the locked dependencies. Does nothing when nothing changed.
import { setup } from './toolchain.mjs';

setup({ quiet: false });
