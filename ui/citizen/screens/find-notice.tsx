import { DeviceHint, LiveProgress, Note } from '@jolly/ui-kit/content';
import { Button, NumericPad } from '@jolly/ui-kit/controls';
import { NoticeDrawing } from '@jolly/ui-kit/drawings';
import { Facade } from '@jolly/ui-kit/frame';
import { inFours, type MessageKey, useWords } from '@jolly/ui-kit/messages';
import { CameraView } from '../camera/index.ts';
import { usePaymentSteps } from './payment-steps.ts';
import type { ScreenOf, ScreenProps } from './view.ts';

/** What a refused scan means for the person, by the reason the parser gives. */
const REFUSED: Readonly<Record<string, MessageKey>> = {
  TOO_SHORT: 'scan.refused-damaged',
  FIELD_COUNT: 'scan.refused-damaged',
  BAD_NOTICE_NUMBER: 'scan.refused-damaged',
  BAD_CREDITOR_TAX_CODE: 'scan.refused-damaged',
  BAD_AMOUNT: 'scan.refused-damaged',
  BAD_CODELINE: 'scan.refused-damaged',
  BAD_AUX_DIGIT: 'scan.refused-version',
  UNSUPPORTED_VERSION: 'scan.refused-version',
  KEYBOARD_READER: 'scan.refused-keyboard',
};

export function ScanScreen({ view, screen }: ScreenProps<'pay-scan'>) {
  const words = useWords();
  const { t } = words;
  const broken = view.snapshot.limitations.includes('barcode-unavailable');
  const hint = view.snapshot.place.hints.barcode;
  const camera = view.snapshot.camera !== undefined && !broken;
  const type = (
    <Button
      testId="type-notice"
      look={broken ? 'primary' : 'second'}
      icon="pencil"
      label={t('scan.type')}
      onPress={() => view.send({ type: 'type-notice' })}
    />
  );
  return (
    <Facade
      screen="pay-scan"
      steps={usePaymentSteps(0)}
      title={t('scan.title')}
      lead={t(broken ? 'scan.lead-broken' : camera ? 'scan.camera-lead' : 'scan.lead')}
      second={
        <>
          <Button
            testId="open-services"
            look="quiet"
            label={t('scan.no-notice')}
            onPress={() => view.send({ type: 'open-services' })}
          />
          {!broken && type}
        </>
      }
      door={
        broken ? (
          type
        ) : camera ? (
          <Note tone="info" icon="qr" testId="camera-how">
            {t('scan.camera-how')}
          </Note>
        ) : (
          <DeviceHint
            icon="qr"
            where={t('scan.reader', { side: hint.side })}
            help={t('scan.light')}
            angle={hint.angle}
          />
        )
      }
    >
      {screen.refused && (
        <div role="alert">
          <Note tone="warn" icon="warning-circle" testId="scan-refused">
            {t(REFUSED[screen.refused] ?? 'scan.refused')}
          </Note>
        </div>
      )}
      {camera ? (
        <div className="scene">
          <CameraView label={t('scan.camera-picture')} />
        </div>
      ) : (
        <div className="scene illustration">
          <NoticeDrawing
            words={{
              heading: t('drawing.notice'),
              sample: t('drawing.sample'),
              due: t('drawing.due'),
              amount: words.money(12345),
              callout: [t('drawing.callout-1'), t('drawing.callout-2'), t('drawing.callout-3')],
            }}
          />
        </div>
      )}
    </Facade>
  );
}

const LENGTH = { notice: 18, creditor: 11 } as const;

export function TypeScreen({ view, screen }: ScreenProps<'pay-type'>) {
  const { t } = useWords();
  const { send, snapshot } = view;
  const onNotice = screen.field === 'notice';
  const digits = onNotice ? screen.noticeDigits : screen.creditorDigits;
  const own = screen.creditorDigits === snapshot.place.creditorTaxCode;
  return (
    <Facade
      screen="pay-type"
      steps={usePaymentSteps(0)}
      title={t(onNotice ? 'type.title' : 'type.title-creditor')}
      lead={t(onNotice ? 'type.lead' : 'type.lead-creditor')}
      fixed={
        <NumericPad
          onDigit={(digit) => send({ type: 'digit', digit })}
          onErase={() => send({ type: 'erase' })}
          onClear={() => send({ type: 'clear-field' })}
        />
      }
      second={
        <>
          <Button
            testId="edit-field"
            look="quiet"
            label={t(onNotice ? 'type.other-creditor' : 'type.back-to-notice')}
            onPress={() => send({ type: 'edit-field', field: onNotice ? 'creditor' : 'notice' })}
          />
          {!snapshot.limitations.includes('barcode-unavailable') && (
            <Button
              testId="scan-notice"
              look="quiet"
              icon="qr"
              label={t('type.scan')}
              onPress={() => send({ type: 'scan-notice' })}
            />
          )}
        </>
      }
      door={
        <Button
          testId="submit-notice"
          icon="search"
          label={t('type.submit')}
          reason={screen.canContinue ? undefined : t(...whatIsMissing(screen))}
          onPress={() => send({ type: 'submit-notice' })}
        />
      }
    >
      <Typed
        label={t(onNotice ? 'type.notice' : 'type.creditor')}
        digits={digits}
        length={LENGTH[screen.field]}
        ok={onNotice ? screen.noticeOk : screen.creditorOk}
        creditor={
          onNotice
            ? own
              ? t('type.for-own', { city: snapshot.place.city })
              : t('type.for', { code: screen.creditorDigits })
            : undefined
        }
      />
    </Facade>
  );
}

function whatIsMissing(screen: ScreenOf<'pay-type'>): [MessageKey, { digits: number }] {
  const missing = { notice: 18 - screen.noticeDigits.length, creditor: 11 - screen.creditorDigits.length };
  if (missing[screen.field] > 0) return ['type.missing', { digits: missing[screen.field] }];
  const wrong = screen.field === 'notice' ? screen.noticeOk === false : screen.creditorOk === false;
  if (wrong) return ['type.check', { digits: 0 }];
  if (missing.notice > 0) return ['type.missing', { digits: missing.notice }];
  if (missing.creditor > 0) return ['type.missing-creditor', { digits: missing.creditor }];
  return ['type.check', { digits: 0 }];
}

function Typed({
  label,
  digits,
  length,
  ok,
  creditor,
}: {
  readonly label: string;
  readonly digits: string;
  readonly length: number;
  readonly ok: boolean | undefined;
  readonly creditor: string | undefined;
}) {
  const { t } = useWords();
  const state = ok === undefined ? 'open' : ok ? 'ok' : 'wrong';
  const rest = inFours(digits + '_'.repeat(length - digits.length)).slice(inFours(`${digits}_`).length - 1);
  return (
    <div className={`typed typed--${state}`}>
      <p
        className="typed__box mono"
        data-testid="typed"
        aria-label={`${label}: ${inFours(digits)}`}
        role="img"
      >
        <span>{digits.length < length ? inFours(`${digits}_`).slice(0, -1) : inFours(digits)}</span>
        <span className="typed__rest">{rest}</span>
      </p>
      <div className="typed__line">
        <p aria-live="polite" className="typed__state">
          {state === 'open'
            ? t('type.typed', { digits: digits.length, all: length })
            : t(ok ? 'type.ok' : 'type.wrong')}
        </p>
        {creditor && <p className="typed__creditor">{creditor}</p>}
      </div>
    </div>
  );
}

export function VerifyingScreen() {
  const { t } = useWords();
  return (
    <Facade
      screen="pay-verifying"
      steps={usePaymentSteps(0)}
      title={t('verify.title')}
      lead={t('verify.lead')}
    >
      <LiveProgress
        lines={[
          { id: 'read', label: t('verify.read'), state: 'done' },
          { id: 'ask', label: t('verify.ask'), state: 'now', detail: t('verify.ask-time') },
          { id: 'show', label: t('verify.show'), state: 'next' },
        ]}
      />
    </Facade>
  );
}
