import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { removeFromToml, setInToml } from '../../../src/cli/edit-toml.ts';

const FILE = `# What we agreed on
max_iterations = 20   # enough for us

guarded = [
  "infra/**", # ask Anna
  "key = 1",
]
note = """
max_cost = 9
"""

# Rules of our own.
[safety]
ask = ["^terraform"]
`;

describe('setInToml', () => {
  it('changes a value and nothing else', () => {
    expect(setInToml(FILE, { key: 'max_iterations' }, '10')).toBe(FILE.replace('= 20 ', '= 10 '));
    expect(setInToml(FILE, { key: 'guarded' }, '["a"]')).toBe(FILE.replace(/\[\n.*?\n\]/s, '["a"]'));
    expect(setInToml(FILE, { section: 'safety', key: 'ask' }, '[]')).toBe(FILE.replace('["^terraform"]', '[]'));
  });

  it('adds a key before the first table, and to its section', () => {
    expect(setInToml(FILE, { key: 'max_cost' }, '2')).toBe(FILE.replace('"""\n\n', '"""\nmax_cost = 2\n\n'));
    expect(setInToml(FILE, { section: 'safety', key: 'deny' }, '["x"]')).toBe(`${FILE}deny = ["x"]\n`);
    expect(setInToml('[safety]\r\nask = []', { key: 'plan' }, '"never"')).toBe(
      'plan = "never"\r\n\r\n[safety]\r\nask = []',
    );
    expect(setInToml('plan = "auto"', { section: 'safety', key: 'ask' }, '[]')).toBe(
      'plan = "auto"\n\n[safety]\nask = []\n',
    );
    expect(setInToml('', { key: 'plan' }, '"never"')).toBe('plan = "never"\n');
  });

  it('removes a key with its line', () => {
    expect(removeFromToml(FILE, { key: 'max_iterations' })).toBe(FILE.replace(/max_iter.*\n/, ''));
    expect(removeFromToml(FILE, { key: 'max_cost' })).toBeUndefined();
  });

  const value = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.string(),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.constantFrom('"""', "'''", '# no comment', '[x]', 'a\nb', '\\', '= 1'),
  );
  const key = fc.stringMatching(/^[a-z_]{1,6}$/);
  const table = fc.dictionary(key, value, { maxKeys: 5 });

  it('whatever the file holds, only the key is another one afterwards', () => {
    fc.assert(
      fc.property(table, fc.option(table), key, value, fc.boolean(), (top, section, name, wanted, inside) => {
        const data = section === null ? top : { ...top, zection: section };
        if (inside && section === null) return;
        const text = stringify(data);
        const place = inside ? { section: 'zection', key: name } : { key: name };
        const literal = stringify({ x: wanted }).replace(/^x = /, '').trim();
        const expected = structuredClone(data) as Record<string, Record<string, unknown>>;
        if (inside) expected['zection'] = { ...expected['zection'], [name]: wanted };
        else Object.assign(expected, { [name]: wanted });
        expect(parse(setInToml(text, place, literal))).toEqual(parse(stringify(expected)));
      }),
    );
  });
});
