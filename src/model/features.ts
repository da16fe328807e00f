/** Parts of a request that not every server knows; without them it still works. */
export type Feature = 'cache' | 'thinking' | 'effort' | 'format';

export const FEATURES: readonly Feature[] = ['cache', 'thinking', 'effort', 'format'];

/** Which features a server turned down, per host and model, so that each is tried once. */
export interface FeatureMemory {
  rejected(host: string, model: string): ReadonlySet<Feature>;
  reject(host: string, model: string, feature: Feature): void;
}

/** What a feature memory knows, in a form that fits into a file: `host model` -> names. */
export type RejectedFeatures = Readonly<Record<string, readonly string[]>>;

/** Starts with what was known before; `onChange` hears everything known, so that a caller can keep it. */
export function createFeatureMemory(
  known: RejectedFeatures = {},
  onChange?: (all: Record<string, string[]>) => void,
): FeatureMemory {
  const all = new Map<string, Set<Feature>>();
  for (const [key, names] of Object.entries(known)) {
    all.set(key, new Set(FEATURES.filter((feature) => names.includes(feature))));
  }
  return {
    rejected: (host, model) => all.get(`${host} ${model}`) ?? new Set(),
    reject(host, model, feature) {
      const key = `${host} ${model}`;
      const names = all.get(key) ?? new Set();
      if (names.has(feature)) return;
      all.set(key, names.add(feature));
      onChange?.(Object.fromEntries([...all].map(([place, set]) => [place, [...set]])));
    },
  };
}

/**
 * The features that a 400 or 422 complains about, by the field it names: `thinking: Extra inputs are not
 * permitted`. Empty when it is about something else.
 */
export function featuresNamedIn(complaint: string): Feature[] {
  const text = complaint.toLowerCase();
  // A message's own blocks are no feature: "messages.3.content.0: ... thinking blocks cannot be modified".
  if (/\bmessages[.[]\d/.test(text) && !text.includes('cache_control')) return [];
  const named = FEATURES.filter((feature) => WORDS[feature].test(text));
  if (named.length === 0 && /\boutput_config\b/.test(text)) return ['effort', 'format'];
  return named;
}

const WORDS: Record<Feature, RegExp> = {
  cache: /cache_control/,
  thinking: /\bthinking\b/,
  effort: /\beffort\b/,
  format: /output_config\.format|\bjson_schema\b|structured[ _-]?outputs?/,
};
