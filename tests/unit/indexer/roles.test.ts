import { expect, it } from 'vitest';
import { roleOf } from '../../../src/indexer/roles.ts';

it.each([
  ['src/app.ts', 'source'],
  ['src/latest/contest.py', 'source'],
  ['src/app.test.ts', 'test'],
  ['test_app.py', 'test'],
  ['pkg/server_test.go', 'test'],
  ['src/test/java/AppTest.java', 'test'],
  ['spec/models/user_spec.rb', 'test'],
  ['My.Project.Tests/Thing.cs', 'test'],
  ['docs/conf.py', 'aside'],
  ['vendor/lib/a.go', 'aside'],
  ['third_party/zlib/inflate.c', 'aside'],
  ['pkg/i18n/english.go', 'source'],
])('%s is %s', (path, role) => {
  expect(roleOf(path)).toBe(role);
});
