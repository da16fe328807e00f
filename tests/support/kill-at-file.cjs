// Loaded into nex before its own code: sends it a signal when it puts a file in its place, by renaming it.
const { promises } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const { KILL_FILE: file, KILL_NTH: nth, KILL_WHEN: when, KILL_SIGNAL: signal } = process.env;
const { rename } = promises;
let seen = 0;

if (isMainThread) {
  promises.rename = async (from, to) => {
    const hit = String(to).includes(file) && ++seen === Number(nth);
    if (hit && when === 'before') process.kill(process.pid, signal);
    await rename(from, to);
    if (hit && when === 'after') process.kill(process.pid, signal);
  };
}
