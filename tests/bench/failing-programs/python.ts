import { type FailingProgram, moduleName, pad, twoNumbers } from './program.ts';

type V = Parameters<FailingProgram['files']>[0];

function python(name: string, code: (v: V) => string): FailingProgram {
  return {
    name: `python: ${name}`,
    toolchain: 'python',
    needs: ['python3'],
    files: (v) => ({ [`${moduleName(v, 1)}.py`]: `${pad(v, 1, '#')}${code(v)}` }),
    command: (v) => `python3 ${moduleName(v, 1)}.py`,
  };
}

function pytest(name: string, code: (v: V) => string, command = 'pytest -q'): FailingProgram {
  return {
    name: `pytest: ${name}`,
    toolchain: 'pytest',
    needs: ['pytest'],
    files: (v) => ({ [`tests/test_${moduleName(v, 1)}.py`]: `${pad(v, 1, '#')}${code(v)}` }),
    command: (v) => (v.line(1) % 2 === 0 ? command : `${command} tests`),
  };
}

function mypy(name: string, code: (v: V) => string): FailingProgram {
  return {
    name: `mypy: ${name}`,
    toolchain: 'mypy',
    needs: ['mypy'],
    files: (v) => ({ [`${moduleName(v, 1)}.py`]: `${pad(v, 1, '#')}${code(v)}` }),
    command: (v) => `mypy --cache-dir=/dev/null ${moduleName(v, 1)}.py`,
  };
}

function ruff(name: string, code: (v: V) => string, flags = ''): FailingProgram {
  return {
    name: `ruff: ${name}`,
    toolchain: 'ruff',
    needs: ['ruff'],
    files: (v) => ({ [`${moduleName(v, 1)}.py`]: `${pad(v, 1, '#')}${code(v)}` }),
    command: () => `ruff check --no-cache ${flags} .`,
  };
}

export const pythonPrograms: readonly FailingProgram[] = [
  python('missing key', (v) => `${v.id(1)} = {'${v.id(2)}': ${v.number(1)}}\nprint(${v.id(1)}['${v.id(3)}_'])\n`),
  python('attribute of None', (v) => `def ${v.id(1)}():\n    return None\n\n${v.id(1)}().${v.id(2)}()\n`),
  python('missing module', (v) => `import ${moduleName(v, 6)}_kit\n`),
  python('bad int', (v) => `int('${v.id(2)}')\n`),
  python('unexpected keyword', (v) => `def ${v.id(1)}(a):\n    return a\n\n${v.id(1)}(${v.id(2)}=1)\n`),
  python('syntax', (v) => `def ${v.id(1)}(:\n    pass\n`),
  python('indentation', (v) => `def ${v.id(1)}():\n    a = 1\n      b = 2\n`),
  python('missing file', (v) => `open('${v.file(3)}.csv')\n`),
  pytest('comparison', (v) => {
    const [one, other] = twoNumbers(v, 1);
    return v.order([
      `def test_${v.id(1)}():\n    assert True\n\n`,
      `def test_${v.id(2)}():\n    ${v.id(3)} = ${one}\n    assert ${v.id(3)} == ${other}\n\n`,
    ]);
  }),
  pytest('membership', (v) => `def test_${v.id(2)}():\n    assert '${v.id(1)}' in ['${v.id(3)}', '${v.id(4)}']\n`),
  pytest('missing fixture', (v) => `def test_${v.id(2)}(${v.id(3)}):\n    assert ${v.id(3)}\n`),
  pytest(
    'error in the code',
    (v) =>
      `def ${v.id(1)}(items):\n    return sum(i['${v.id(4)}'] for i in items)\n\ndef test_${v.id(2)}():\n    assert ${v.id(1)}([{}]) == 0\n`,
  ),
  pytest(
    'import error while collecting',
    (v) => `from ${moduleName(v, 5)}_lib import ${v.id(1)}\n\ndef test_${v.id(2)}():\n    ${v.id(1)}()\n`,
  ),
  pytest(
    'exception expected',
    (v) =>
      `import pytest\n\ndef test_${v.id(2)}():\n    with pytest.raises(ValueError):\n        int('${v.number(1)}')\n`,
    'pytest',
  ),
  {
    name: 'unittest: assertEqual',
    toolchain: 'unittest',
    needs: ['python3'],
    files: (v) => {
      const [one, other] = twoNumbers(v, 1);
      return {
        [`test_${moduleName(v, 1)}.py`]: `import unittest\n${pad(v, 1, '#')}\nclass ${v.Id(1)}Test(unittest.TestCase):\n${v.order(
          [
            `    def test_${v.id(1)}(self):\n        self.assertTrue(True)\n\n`,
            `    def test_${v.id(2)}(self):\n        self.assertEqual(${one}, ${other})\n\n`,
          ],
        )}`,
      };
    },
    command: () => 'python3 -m unittest',
  },
  {
    name: 'unittest: error in the code',
    toolchain: 'unittest',
    needs: ['python3'],
    files: (v) => ({
      [`test_${moduleName(v, 1)}.py`]: `import unittest\n${pad(v, 1, '#')}\nclass ${v.Id(1)}Test(unittest.TestCase):\n    def test_${v.id(1)}(self):\n        self.${v.id(3)} = 1 / 0\n`,
    }),
    command: (v) => `python3 -m unittest test_${moduleName(v, 1)} -v`,
  },
  mypy('argument type', (v) => `def ${v.id(1)}(x: int) -> int:\n    return x\n\n${v.id(1)}('${v.id(2)}')\n`),
  mypy('no such attribute', (v) => `class ${v.Id(1)}:\n    pass\n\n${v.Id(1)}().${v.id(2)}\n`),
  mypy('return value', (v) => `def ${v.id(1)}() -> str:\n    return ${v.number(1)}\n`),
  mypy(
    'None in a union',
    (v) => `from typing import Optional\n\ndef ${v.id(1)}(x: Optional[str]) -> str:\n    return x.upper()\n`,
  ),
  ruff('unused import', (v) => `import ${['os', 'sys', 'json', 're', 'ast', 'abc'][v.line(1) % 6]}\n`),
  ruff('undefined name', (v) => `print(${v.id(1)})\n`, '--output-format=concise'),
  ruff('unused variable', (v) => `def ${v.id(1)}():\n    ${v.id(2)} = 1\n`),
  ruff('syntax', (v) => `def ${v.id(1)}(:\n    pass\n`),
];
