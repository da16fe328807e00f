import { expect, it } from 'vitest';
import { leadsToSecret, soundsSecret } from '../../../src/platform/secret-names.ts';

it.each([
  'DB_PASSWORD',
  'clientSecret',
  'x-auth-token',
  'apiKey',
  'AWS_ACCESS_KEY_ID',
  'npm_config__auth',
  'REDIS_PWD',
])('%s sounds secret, however it is written', (name) => {
  expect(soundsSecret(name)).toBe(true);
});

it.each(['tokenizer', 'PWD', 'keyboard', 'primaryKey', 'compass', 'author', 'patch', 'passive'])(
  '%s does not',
  (name) => {
    expect(soundsSecret(name)).toBe(false);
  },
);

it('takes any key of the environment for a secret, but not of program text', () => {
  expect([soundsSecret('SHOP_KEY', 'any'), soundsSecret('SHOP_KEY')]).toEqual([true, false]);
});

it('tells a secret from where it lies', () => {
  expect([leadsToSecret('TOKEN_PATH'), leadsToSecret('TOKEN')]).toEqual([true, false]);
});
