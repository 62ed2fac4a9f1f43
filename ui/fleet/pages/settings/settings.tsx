import { EffectiveSettings, SettingsLayer, Site, TerminalDetail } from '@jolly/contracts/fleet-api';
import { LAYERS, Layer } from '@jolly/contracts/twin';
import { type FormEvent, useMemo, useState } from 'react';
import { z } from 'zod';
import { type Live, useLive } from '../../api/use-live.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { useMay, useMe } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/sign.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { go } from '../../route.ts';
import { countSaid, type Draft, inheritedBy } from './document.ts';
import { SettingsForm } from './form.tsx';
import { History } from './history.tsx';
import { layerPath, PreviewDialog } from './preview.tsx';
import { EditingContext } from './setting.tsx';

const Sites = z.array(Site);
const CENTRE = 'centre';

/** What terminals are told to be: the service centre, the municipality, a site, one terminal; the narrower one holds. */
export function SettingsPage({ route }: { route: readonly string[] }) {
  const me = useMe();
  const may = useMay();
  const layer = Layer.safeParse(route[0]).data ?? 'municipality';
  const sites = useLive('sites', Sites, { topics: ['enrolments'], every: 5_000 });
  const id =
    layer === 'centre'
      ? CENTRE
      : layer === 'municipality'
        ? me.tenantId
        : (route[1] ?? (layer === 'site' ? sites.data?.[0]?.siteId : undefined));
  const layers = LAYERS.filter((each) => each !== 'centre' || may('settings.write-centre'));
  return (
    <>
      <TopBar title={t('nav.settings')} />
      <main>
        <Tabs
          label={t('layers')}
          tabs={layers.map((each) => ({ label: t(`layer.${each}`), to: ['settings', each] }))}
          now={layers.indexOf(layer)}
        />
        {layer === 'site' ? <SiteChoice sites={sites.data} id={id} /> : null}
        {layer === 'terminal' ? <TerminalChoice id={id} key={id} /> : null}
        {id === undefined ? null : <LayerEditor layer={layer} id={id} key={`${layer} ${id}`} />}
      </main>
    </>
  );
}

function SiteChoice({ sites, id }: { sites: readonly Site[] | undefined; id: string | undefined }) {
  return (
    <label className="choice">
      {t('sites.one')}
      <select value={id ?? ''} onChange={(event) => go('settings', 'site', event.target.value)}>
        {(sites ?? []).map(({ siteId, name }) => (
          <option key={siteId} value={siteId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function TerminalChoice({ id }: { id: string | undefined }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const terminal = String(new FormData(event.currentTarget).get('terminal')).trim();
    if (terminal !== '') go('settings', 'terminal', terminal);
  };
  return (
    <form className="choice" onSubmit={submit}>
      <label htmlFor="settings-terminal">{t('terminals.code')}</label>
      <input id="settings-terminal" name="terminal" defaultValue={id} required maxLength={40} />
      <button type="submit" className="button">
        {t('settings.openTerminal')}
      </button>
    </form>
  );
}

/** The wider layers of a layer, as far as this person may read them. */
function useWider(
  layer: Layer,
  id: string,
): { readonly wider: Parameters<typeof inheritedBy>[1]; ready: boolean } {
  const me = useMe();
  const level = LAYERS.indexOf(layer);
  const terminal = useLive(`terminals/${encodeURIComponent(id)}`, TerminalDetail, {
    topics: ['enrolments'],
    on: layer === 'terminal',
  });
  const siteId = terminal.data?.site?.siteId;
  const options = { topics: ['settings'] as const };
  const centre = useLive(layerPath('centre', CENTRE), SettingsLayer, { ...options, on: level > 0 });
  const municipality = useLive(layerPath('municipality', me.tenantId), SettingsLayer, {
    ...options,
    on: level > 1,
  });
  const site = useLive(layerPath('site', siteId ?? '-'), SettingsLayer, {
    ...options,
    on: siteId !== undefined,
  });
  const settled = (live: Live<unknown>, asked: boolean) =>
    !asked || live.data !== undefined || live.error !== undefined;
  const wider = useMemo(
    () => ({
      ...(centre.data ? { centre: centre.data.document } : {}),
      ...(municipality.data ? { municipality: municipality.data.document } : {}),
      ...(site.data ? { site: site.data.document } : {}),
    }),
    [centre.data, municipality.data, site.data],
  );
  return { wider, ready: settled(centre, level > 0) && settled(municipality, level > 1) };
}

function LayerEditor({ layer, id }: { layer: Layer; id: string }) {
  const live = useLive(layerPath(layer, id), SettingsLayer, { topics: ['settings'] });
  const { wider, ready } = useWider(layer, id);
  const [edited, setEdited] = useState<{ readonly base: number; readonly draft: Draft } | undefined>(
    undefined,
  );
  const [looking, setLooking] = useState(false);
  const [done, setDone] = useState(false);
  const stored = live.data;
  const inherited = useMemo(() => inheritedBy(layer, wider), [layer, wider]);
  if (!stored || !ready) return live.error ? <Failure error={live.error} /> : <Empty>{t('loading')}</Empty>;
  const draft: Draft = edited?.draft ?? stored.document;
  const changed = edited !== undefined && JSON.stringify(edited.draft) !== JSON.stringify(stored.document);
  const overtaken = edited !== undefined && edited.base !== stored.version;
  const saved = () => {
    setEdited(undefined);
    setLooking(false);
    setDone(true);
    live.reload();
  };
  return (
    <div className="two-thirds">
      <Panel
        title={t(`layer.about.${layer}`)}
        note={t('settings.said', { n: countSaid(draft), version: stored.version })}
        className="settings-panel"
      >
        {layer === 'terminal' ? <Refused terminalId={id} /> : null}
        <EditingContext
          value={{
            layer,
            draft,
            inherited,
            change: (next) => {
              setDone(false);
              setEdited({ base: edited?.base ?? stored.version, draft: next });
            },
          }}
        >
          <SettingsForm />
        </EditingContext>
        <div className="save-bar">
          <span role="status">
            {overtaken && changed
              ? t('settings.overtaken')
              : changed
                ? t('settings.changed')
                : t(done ? 'settings.saved' : 'settings.same')}
          </span>
          <button type="button" className="button" disabled={!changed} onClick={() => setEdited(undefined)}>
            {t('settings.discard')}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!changed}
            onClick={() => setLooking(true)}
            data-testid="settings-preview"
          >
            {t('settings.preview')}
          </button>
        </div>
      </Panel>
      <History stored={stored} saved={saved} />
      {looking && edited ? (
        <PreviewDialog
          layer={layer}
          id={id}
          baseVersion={edited.base}
          draft={edited.draft}
          close={() => setLooking(false)}
          saved={saved}
        />
      ) : null}
    </div>
  );
}

/** What the terminal said to its last settings, when it did not take them. */
function Refused({ terminalId }: { terminalId: string }) {
  const effective = useLive(`terminals/${encodeURIComponent(terminalId)}/settings`, EffectiveSettings, {
    topics: ['settings', 'terminals'],
  });
  const refused = effective.data?.refused;
  if (!effective.data) return null;
  if (!refused) {
    const { version, reportedVersion } = effective.data;
    return (
      <p className="panel-body">
        <Status kind={reportedVersion === version ? 'good' : 'none'}>
          {t(reportedVersion === version ? 'twin.current' : 'twin.on-its-way')}
        </Status>
      </p>
    );
  }
  return (
    <div className="note note-bad in-panel" data-testid="settings-refused">
      <Status kind="bad">{t('refused.title', { n: refused.version })}</Status>
      <p>{t('refused.about')}</p>
      <ul className="faults">
        {refused.faults.map((fault) => (
          <li key={`${fault.path} ${fault.message}`}>
            <code>{fault.path}</code> {fault.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
