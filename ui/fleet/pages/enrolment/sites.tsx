import { Site, SiteWrite } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { useLive } from '../../api/use-live.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { useMay } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { hashOf } from '../../route.ts';

const Sites = z.array(Site);

/** Where terminals stand: a name that people know, a street, a spot on the map. */
export function SitesPage() {
  const may = useMay();
  const sites = useLive('sites', Sites, { topics: ['terminals', 'enrolments', 'settings'], every: 3_000 });
  const [open, setOpen] = useState<Site | 'new' | undefined>(undefined);
  const rows = sites.data;
  return (
    <>
      <TopBar
        title={t('nav.sites')}
        primary={
          <button type="button" className="button primary" onClick={() => setOpen('new')}>
            <Icon name="plus" />
            {t('sites.add')}
          </button>
        }
      />
      <main>
        <Panel title={t('nav.sites')} note={t('sites.note')}>
          {rows === undefined || rows.length === 0 ? (
            <Empty>{t(rows === undefined ? 'loading' : 'sites.none')}</Empty>
          ) : (
            <div className="scroll">
              <table>
                <caption className="unseen">{t('nav.sites')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('sites.name')}</th>
                    <th scope="col">{t('sites.address')}</th>
                    <th scope="col">{t('sites.spot')}</th>
                    <th scope="col">{t('people.acts')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((site) => (
                    <tr key={site.siteId}>
                      <th scope="row" className="wide-cell">
                        {site.name}
                      </th>
                      <td className="wide-cell">{site.address}</td>
                      <td>
                        {site.lat === undefined || site.lon === undefined
                          ? t('sites.noSpot')
                          : `${site.lat.toFixed(5)}, ${site.lon.toFixed(5)}`}
                      </td>
                      <td>
                        <div className="buttons">
                          <button
                            type="button"
                            className="button small"
                            aria-label={t('sites.editOne', { name: site.name })}
                            onClick={() => setOpen(site)}
                          >
                            {t('people.edit')}
                          </button>
                          {may('settings.write') ? (
                            <a
                              className="button small"
                              href={hashOf('settings', 'site', site.siteId)}
                              aria-label={t('sites.settingsOne', { name: site.name })}
                            >
                              {t('nav.settings')}
                            </a>
                          ) : null}
                        </div>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
        {open === undefined ? null : (
          <SiteDialog
            site={open === 'new' ? undefined : open}
            close={() => setOpen(undefined)}
            saved={() => {
              setOpen(undefined);
              sites.reload();
            }}
          />
        )}
      </main>
    </>
  );
}

function SiteDialog({
  site,
  close,
  saved,
}: {
  readonly site: Site | undefined;
  readonly close: () => void;
  readonly saved: () => void;
}) {
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const degrees = (name: string) =>
      text(name) === '' ? {} : { [name]: Number(text(name).replace(',', '.')) };
    void acting
      .run(() => {
        const body = SiteWrite.parse({
          name: text('name'),
          address: text('address'),
          ...degrees('lat'),
          ...degrees('lon'),
        });
        return send(site ? 'PUT' : 'POST', site ? `sites/${site.siteId}` : 'sites', body, Site);
      })
      .then((went) => went && saved());
  };
  return (
    <Dialog title={site ? site.name : t('sites.add')} close={close}>
      <form className="stack" onSubmit={submit}>
        <Field label={t('sites.name')} hint={t('sites.name.hint')}>
          {(tied) => <input {...tied} name="name" required maxLength={120} defaultValue={site?.name} />}
        </Field>
        <Field label={t('sites.address')}>
          {(tied) => <input {...tied} name="address" maxLength={200} defaultValue={site?.address} />}
        </Field>
        <div className="pair">
          <Field label={t('sites.lat')} hint={t('sites.lat.hint')}>
            {(tied) => (
              <input
                {...tied}
                name="lat"
                inputMode="decimal"
                pattern="-?[0-9]{1,2}([.,][0-9]+)?"
                defaultValue={site?.lat}
              />
            )}
          </Field>
          <Field label={t('sites.lon')} hint={t('sites.lon.hint')}>
            {(tied) => (
              <input
                {...tied}
                name="lon"
                inputMode="decimal"
                pattern="-?[0-9]{1,3}([.,][0-9]+)?"
                defaultValue={site?.lon}
              />
            )}
          </Field>
        </div>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t(site ? 'people.save' : 'sites.add')}
          </button>
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
