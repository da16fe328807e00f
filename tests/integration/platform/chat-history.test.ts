import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateFolder } from '../../../src/platform/state-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nex-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the history of chats', () => {
  it('is there in the next session, line ends and all, for its owner alone', () => {
    const state = openStateFolder(folder);
    state.addToChatHistory('one\ntwo');
    state.addToChatHistory('日本語');

    expect(openStateFolder(folder).chatHistory()).toEqual(['one\ntwo', '日本語']);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'chat-history')).mode & 0o777).toBe(0o600);
  });

  it('leaves out a torn line and keeps the newest', () => {
    const state = openStateFolder(folder);
    for (let index = 0; index < 1100; index += 1) state.addToChatHistory(`entry ${index}`);
    appendFileSync(join(folder, 'chat-history'), '"torn');

    const entries = state.chatHistory();
    expect([entries.length, entries[0], entries.at(-1)]).toEqual([500, 'entry 600', 'entry 1099']);
    expect(readFileSync(join(folder, 'chat-history'), 'utf8').split('\n')).toHaveLength(501);
  });

  it('is empty where nothing can be kept', () => {
    const state = openStateFolder('/dev/null/nowhere');
    state.addToChatHistory('lost');
    expect(state.chatHistory()).toEqual([]);
  });
});
