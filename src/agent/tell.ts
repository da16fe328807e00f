import type { ModelPiece } from '../model/model.ts';
import type { Emit } from '../session/events.ts';

/** What comes from the model piece by piece, as events. */
export function tell(piece: ModelPiece, emit: Emit): void {
  switch (piece.type) {
    case 'text':
    case 'thinking':
      return emit({ type: piece.type, text: piece.text, delta: true });
    case 'block':
      return emit({ type: piece.kind, text: piece.text });
    case 'call':
      return; // announced when its input is whole
    case 'retry':
      return emit({ type: 'retry', attempt: piece.attempt, wait_ms: piece.waitMs, reason: piece.reason });
    case 'notice':
      return emit({ type: 'notice', text: piece.text, level: 'warning' });
  }
}
