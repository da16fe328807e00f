import type { Environment } from '../config.ts';
import type { Credential } from '../credential.ts';
import { API, createAnthropicModel } from '../model/anthropic.ts';
import { createFeatureMemory } from '../model/features.ts';
import { createMeter, type Meter, type UsageRecord, withMeter } from '../model/meter.ts';
import type { Model } from '../model/model.ts';
import { withPace } from '../model/pace.ts';
import { limitsOf, priceTable } from '../model/prices.ts';
import { withRetry } from '../model/retry.ts';
import { createTransport } from '../model/transport.ts';
import { compactAtWithin, withWindow } from '../model/window.ts';
import type { Clock } from '../platform/clock.ts';
import { proxyFor } from '../platform/proxy.ts';
import type { StateFolder } from '../platform/state-folder.ts';
import type { Settings } from '../settings-table.ts';

/** The two models of a task and the meter that both run through. */
export interface Models {
  main: Model;
  light: Model;
  meter: Meter;
}

/** Milliseconds without a byte before a stream is given up, unless NEX_STREAM_IDLE_TIMEOUT (seconds) says otherwise. */
const IDLE_MS = 90_000;

/**
 * The real models: the wire, then what is wrapped around it. Nothing is sent yet.
 */
export function composeModels(options: {
  settings: Settings;
  credential: Credential;
  env: Environment;
  clock: Clock;
  state: StateFolder;
  onUsage: (record: UsageRecord) => void;
  fast: boolean;
}): Models {
  const { settings, credential, env, clock, state } = options;
  const seconds = Number(env['NEX_STREAM_IDLE_TIMEOUT']);
  const idleTimeoutMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : IDLE_MS;
  const proxy = proxyFor(settings.baseUrl ?? API, env);
  const meter = composeMeter(options);
  const features = createFeatureMemory(state.rejectedFeatures(), (all) => state.rememberRejected(all));
  const transport = createTransport(proxy);
  // By the time the first request is worded, the connection stands.
  transport.warmUp(settings.baseUrl ?? API);
  const compose = (id: string): Model => {
    const wire = createAnthropicModel({
      id,
      credential,
      idleTimeoutMs,
      features,
      clock,
      fetch: transport.fetch,
      ...(settings.baseUrl === undefined ? {} : { baseUrl: settings.baseUrl }),
    });
    // From the inside out: what is sent again is counted again, and waits for its pace again.
    const metered = withMeter(withPace(wire, { tokensPerMinute: settings.tokenRateLimit, clock }), meter);
    return withWindow(withRetry(metered, { clock, random: Math.random }), settings.contextWindow);
  };
  const light = compose(settings.lightModel);
  const main = options.fast ? light : compose(settings.model);
  return { main, light, meter };
}

/** Tokens at which a conversation with this model is begun anew. */
export function compactAtFor(model: string, settings: Settings): number {
  const { window, cheapUpTo } = limitsOf(model, priceTable(settings.prices));
  const { compactAt, contextBudget, contextWindow } = settings;
  return compactAtWithin(compactAt, { contextBudget, cheapUpTo, window: contextWindow ?? window });
}

/** The meter alone, for a recorded model too: it costs nothing, but its calls are counted. */
export function composeMeter(options: {
  settings: Settings;
  clock: Clock;
  state: StateFolder;
  onUsage: (record: UsageRecord) => void;
}): Meter {
  const { settings, clock, state, onUsage } = options;
  return createMeter({
    prices: priceTable(settings.prices),
    maxCostUsd: settings.maxCost,
    maxDayCostUsd: settings.maxCostPerDay,
    today: () => {
      const day = clock.now();
      return { spent: () => state.spentOn(day), note: (usd) => state.addSpent(day, usd) };
    },
    onUsage,
  });
}
