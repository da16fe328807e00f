import { expect, it } from 'vitest';
import { judgeCommand } from '../../../src/safety/policy.ts';

const PROJECT = { root: '/srv/app', home: '/home/ada' };
const verdictOf = (command: string) => {
  const { verdict, rule } = judgeCommand(command, PROJECT);
  return `${verdict} ${rule}`;
};

it.each([
  ['rm -rf /', 'deny files.wipe-root'],
  ['rm -rf /*', 'deny files.wipe-root'],
  ['sudo rm -rf --no-preserve-root /', 'deny files.wipe-root'],
  ['rm -rf //', 'deny files.wipe-root'],
  ['cd / && rm -rf .', 'deny files.wipe-root'],
  ['bash -c "rm -fr /"', 'deny files.wipe-root'],
  ['X=/; rm -rf "$X"', 'deny files.wipe-root'],
  ['find / -delete', 'deny files.wipe-root'],
  ['rm -rf ~', 'deny files.wipe-home'],
  ['rm -rf "$HOME"', 'deny files.wipe-home'],
  ['rm -rf ~/*', 'deny files.wipe-home'],
  ['rm -rf /home/ada', 'deny files.wipe-home'],
  ['cd && rm -rf *', 'deny files.wipe-home'],
  [':(){ :|:& };:', 'deny processes.fork-bomb'],
  ['f() { f | f & }; f', 'deny processes.fork-bomb'],
  ['dd if=/dev/zero of=/dev/sda', 'deny disks.raw'],
  ['cat x > /dev/nvme0n1', 'deny disks.raw'],
  ['mkfs.ext4 /dev/sda1', 'deny disks.format-device'],
])('%s is never run', (command, expected) => {
  expect(verdictOf(command)).toBe(expected);
});

it.each([
  ['rm -rf /etc', 'ask files.rm-recursive'],
  ['rm -rf .', 'ask files.rm-recursive'],
  ['rm -rf "$UNKNOWN"', 'ask files.rm-recursive'],
  ['docker run --rm alpine rm -rf /', 'ask files.rm-recursive'],
  ['mkfs.ext4 disk.img', 'ask disks.format'],
  ['find / -name "*.tmp" -delete', 'ask files.find-delete'],
])('%s is left to a person', (command, expected) => {
  expect(verdictOf(command)).toBe(expected);
});
