import { describe, expect, it } from 'vitest';
import { covers, readChecks } from '../../../src/memory/check.ts';

const nameOf = (command: string) =>
  readChecks(command)
    .checks.map(({ name }) => name)
    .join(' && ');

describe('readChecks', () => {
  it.each([
    ['npm test', 'npm test'],
    ['npm run test', 'npm test'],
    ['npm t -- --silent', 'npm test'],
    ['CI=1 npx --yes vitest run tests/cart.test.ts --reporter=dot', 'vitest tests/cart.test.ts'],
    ['./node_modules/.bin/vitest', 'vitest'],
    ['python -m pytest -x -q tests/test_cart.py', 'pytest tests/test_cart.py'],
    ['uv run pytest tests/test_cart.py::test_total', 'pytest tests/test_cart.py::test_total'],
    ['pytest -k total --tb=short', 'pytest total'],
    ['timeout 60 cargo test --workspace', 'cargo test'],
    ['go test ./...', 'go test'],
    ['go test ./internal/cart -run TestTotal', 'go test internal/cart TestTotal'],
    ['./gradlew test', 'gradle test'],
    ['./mvnw -q test', 'mvn test'],
    ['vendor/bin/phpunit tests/CartTest.php', 'phpunit tests/CartTest.php'],
    ['bundle exec rspec spec/cart_spec.rb:12', 'rspec spec/cart_spec.rb'],
    ['cd app && npm test', 'app: npm test'],
    ['npm run build && npm test', 'npm build && npm test'],
    ["bash -c 'npm test'", 'npm test'],
    ['ruff check .', 'ruff check'],
    ['tsc -p tsconfig.build.json --noEmit', 'tsc tsconfig.build.json'],
    ['node --test test/', 'node --test test/'],
    ['"npm" "test"', 'npm test'],
  ])('names %s as %s', (command, name) => {
    expect(nameOf(command)).toBe(name);
  });

  it.each(['ls -la', 'cat a | grep b', 'git status', 'rg foo src', 'echo hello; pwd', '[ -f x ] && cat x', ''])(
    'sees no check in %j',
    (command) => {
      expect(readChecks(command).checks).toEqual([]);
    },
  );

  it.each(['pytest | tail -5', 'npm test 2>&1 | head', 'make || true', 'npm test; echo $?', 'npm start &\nsleep 1'])(
    'knows that exit status 0 says nothing about the check in %j',
    (command) => {
      expect(readChecks(command).masked).toBe(true);
    },
  );

  it.each([
    'npm test',
    'cd app && npm test 2>&1',
    'set -o pipefail; pytest | tail',
    'echo go; npm test',
    'npm test > out.txt',
  ])('takes exit status 0 for the check in %j', (command) => {
    expect(readChecks(command).masked).toBe(false);
  });

  it('tells commands that may have changed something from those that only look', () => {
    expect(
      ['chmod +x run.sh', 'sed -i s/a/b/ x', 'npm install zod', 'cp a b'].map((c) => readChecks(c).changes),
    ).toEqual([true, true, true, true]);
    expect(['cat x', 'git diff', 'sed -n 1,5p x', 'rg x'].map((c) => readChecks(c).changes)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('covers', () => {
  const check = (command: string) =>
    readChecks(command).checks[0] ?? { name: '', program: '', targets: [], folder: '' };

  it.each([
    ['pytest', 'pytest tests/test_cart.py', true],
    ['python3 -m unittest tests.test_cart', 'python3 -m unittest tests.test_cart.CartTest.test_total', true],
    ['python3 -m unittest tests.test_car', 'python3 -m unittest tests.test_cart', false],
    ['pytest tests', 'pytest tests/test_cart.py', true],
    ['pytest tests/test_cart.py', 'pytest tests/test_cart.py::test_total', true],
    ['go test ./...', 'go test ./internal/cart', true],
    ['pytest tests/test_cart.py', 'pytest', false],
    ['pytest tests/test_user.py', 'pytest tests/test_cart.py', false],
    ['npm run build', 'npm test', false],
    ['cd lib && npm test', 'cd app && npm test', false],
    ['vitest run', 'npx vitest run a.test.ts', true],
  ])('%s passing covers %s: %s', (passed, failed, covered) => {
    expect(covers(check(passed), check(failed))).toBe(covered);
  });
});
