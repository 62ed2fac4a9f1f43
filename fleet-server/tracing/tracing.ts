import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span, Tracer } from '@opentelemetry/api';
import type { Http } from '../http/index.ts';
import type { Store } from '../store/index.ts';
import type { TracingSettings } from './settings.ts';

/** Spans of calls, transactions and batches of the link. Their names and labels are routes and kinds: nothing of persons or terminals. */
export interface Tracing {
  watch(app: Http): void;
  traced(store: Store): Store;
  /** A span around `work`, below the one it is called in. */
  span<R>(
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    work: () => Promise<R>,
  ): Promise<R>;
  close(): Promise<void>;
}

/** A server that ends waits this long for a collector. */
const CLOSE_MS = 1_000;

const OFF: Tracing = {
  watch: () => undefined,
  traced: (store) => store,
  span: (_name, _attributes, work) => work(),
  close: async () => undefined,
};

/** Without settings it is nothing at all: no wrapper, no hook, no module. */
export async function openTracing(
  settings: TracingSettings | undefined,
  replica: string,
  failed: (error: unknown) => void,
): Promise<Tracing> {
  if (!settings) return OFF;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: settings.url, timeoutMillis: CLOSE_MS });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'jolly-fleet', 'service.instance.id': replica }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.ratio) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter, maxQueueSize: 2_048, exportTimeoutMillis: CLOSE_MS }),
    ],
  });
  return spansOf(api, provider.getTracer('jolly-fleet'), () => provider.shutdown().catch(failed));
}

function spansOf(
  api: typeof import('@opentelemetry/api'),
  tracer: Tracer,
  close: () => Promise<void>,
): Tracing {
  // no global context: others' code in this process is none of ours
  const current = new AsyncLocalStorage<Span>();
  const begin = (
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    kind = api.SpanKind.INTERNAL,
  ) => {
    const above = current.getStore();
    const context = above ? api.trace.setSpan(api.ROOT_CONTEXT, above) : api.ROOT_CONTEXT;
    return tracer.startSpan(name, { attributes, kind }, context);
  };
  const span: Tracing['span'] = async (name, attributes, work) => {
    const begun = begin(name, attributes);
    try {
      return await current.run(begun, work);
    } catch (error) {
      begun.setStatus({ code: api.SpanStatusCode.ERROR });
      if (error instanceof Error && 'code' in error) begun.setAttribute('error.type', String(error.code));
      throw error;
    } finally {
      begun.end();
    }
  };
  return {
    watch(app) {
      const calls = new WeakMap<object, Span>();
      app.addHook('onRequest', (request, _reply, done) => {
        // a caller's own trace is not followed: terminals and strangers would choose what is traced
        const route = request.routeOptions?.url ?? 'none';
        const attributes = { 'http.request.method': request.method, 'http.route': route };
        const begun = begin(`${request.method} ${route}`, attributes, api.SpanKind.SERVER);
        calls.set(request, begun);
        current.run(begun, done);
      });
      app.addHook('onResponse', async (request, reply) => {
        const begun = calls.get(request);
        begun?.setAttribute('http.response.status_code', reply.statusCode);
        if (reply.statusCode >= 500) begun?.setStatus({ code: api.SpanStatusCode.ERROR });
        begun?.end();
      });
    },
    traced: (store) => ({
      ...store,
      transaction: (work) =>
        span('store transaction', { 'db.system.name': store.kind }, () => store.transaction(work)),
      concurrently: (keys, work) =>
        span('store concurrently', { 'db.system.name': store.kind, 'jolly.keys': keys.length }, () =>
          store.concurrently(keys, work),
        ),
    }),
    span,
    close,
  };
}
