import { expect, it } from 'vitest';
import { pairedTests } from '../../../src/context/paired-tests.ts';

it.each([
  ['src/flask/cli.py', ['tests/test_cli.py', 'tests/test_app.py'], ['tests/test_cli.py']],
  ['src/a/user.ts', ['src/b/user.test.ts', 'src/a/user.test.ts'], ['src/a/user.test.ts']],
  [
    'src/main/java/x/UserService.java',
    ['src/test/java/x/UserServiceTest.java'],
    ['src/test/java/x/UserServiceTest.java'],
  ],
  ['lib/sidekiq/job_retry.rb', ['spec/sidekiq/job_retry_spec.rb'], ['spec/sidekiq/job_retry_spec.rb']],
  ['pkg/server.go', ['pkg/server_test.go', 'pkg/client_test.go'], ['pkg/server_test.go']],
  ['src/router/index.ts', ['src/router/index.test.ts'], ['src/router/index.test.ts']],
  ['tests/test_cli.py', ['tests/test_cli.py'], []],
  ['src/lonely.rs', ['tests/other.rs'], []],
])('pairs %s', (source, paths, expected) => {
  expect(pairedTests([source], [source, ...paths])).toEqual(expected);
});
