import { useCallback, useRef, useState } from 'react';
import { type ApiError, asApiError } from './client.ts';

export interface Acting {
  readonly busy: boolean;
  readonly failure: ApiError | undefined;
  /** Runs one act; a second one while it runs is ignored. True when it went well. */
  run(act: () => Promise<unknown>): Promise<boolean>;
  forget(): void;
}

/** One act of a person at a time, and how it went. */
export function useAct(): Acting {
  const [state, setState] = useState<{ busy: boolean; failure: ApiError | undefined }>({
    busy: false,
    failure: undefined,
  });
  // the state is drawn later than a second click comes
  const running = useRef(false);
  const run = useCallback(async (act: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true, failure: undefined });
    try {
      await act();
      setState({ busy: false, failure: undefined });
      return true;
    } catch (error) {
      setState({ busy: false, failure: asApiError(error) });
      return false;
    } finally {
      running.current = false;
    }
  }, []);
  const forget = useCallback(() => setState({ busy: false, failure: undefined }), []);
  return { ...state, run, forget };
}
