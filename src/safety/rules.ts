import type { Rule } from './rule.ts';
import { DATABASE_RULES } from './rules/data.ts';
import { FILE_RULES } from './rules/files.ts';
import { GIT_RULES } from './rules/git.ts';
import { INFRASTRUCTURE_RULES } from './rules/infrastructure.ts';
import { MACHINE_RULES } from './rules/machine.ts';
import { REACH_RULES } from './rules/reach.ts';
import { SUPPLY_RULES } from './rules/supply.ts';

/** The one table of what needs a yes; `nex safety rules` lists it. */
export const RULES: readonly Rule[] = [
  ...FILE_RULES,
  ...GIT_RULES,
  ...DATABASE_RULES,
  ...SUPPLY_RULES,
  ...INFRASTRUCTURE_RULES,
  ...MACHINE_RULES,
  ...REACH_RULES,
];

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** A rule by its id; what has no row of its own counts as unreadable. */
export function ruleById(id: string): Rule {
  const rule = BY_ID.get(id) ?? BY_ID.get('unresolved.parse');
  if (rule === undefined) throw new Error('The rule table has lost its last resort.');
  return rule;
}
