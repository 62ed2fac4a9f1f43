import { z } from 'zod';

/**
 * The Terminal API messages this driver reads, sent or received (pos.md 3). Loose: a terminal may say more than we ask for, and
 * other makes leave out what one make always sends.
 */

/** What went wrong, in the words of the protocol; others are kept as they came. */
export const ErrorCondition = z.string().max(60);

export const Response = z.looseObject({
  Result: z.enum(['Success', 'Partial', 'Failure']),
  ErrorCondition: ErrorCondition.optional(),
  AdditionalResponse: z.string().optional(),
});
export type Response = z.infer<typeof Response>;

export const MessageHeader = z.looseObject({
  MessageClass: z.enum(['Service', 'Device', 'Event']),
  MessageCategory: z.string().max(40),
  MessageType: z.enum(['Request', 'Response', 'Notification']),
  /** Names one message; absent in events. */
  ServiceID: z.string().max(20).optional(),
  DeviceID: z.string().max(20).optional(),
  SaleID: z.string().max(60),
  POIID: z.string().max(60),
  ProtocolVersion: z.string().max(10).optional(),
});
export type MessageHeader = z.infer<typeof MessageHeader>;

export const TransactionId = z.looseObject({
  TransactionID: z.string().min(1).max(80),
  TimeStamp: z.string().max(40).optional(),
});

const OutputText = z.looseObject({
  Text: z.string().max(400).default(''),
  CharacterStyle: z.string().optional(),
  EndOfLineFlag: z.boolean().optional(),
});
const OutputContent = z.looseObject({
  OutputFormat: z.string().optional(),
  OutputText: z.union([z.array(OutputText).max(200), OutputText.transform((one) => [one])]).optional(),
});
export type OutputContent = z.infer<typeof OutputContent>;

const PaymentReceipt = z.looseObject({
  DocumentQualifier: z.string(),
  OutputContent: OutputContent.optional(),
});
export type PaymentReceipt = z.infer<typeof PaymentReceipt>;

const CardData = z.looseObject({
  PaymentBrand: z.string().max(40).optional(),
  MaskedPAN: z.string().max(40).optional(),
  /** One way in, or several. */
  EntryMode: z.union([z.array(z.string()), z.string().transform((one) => [one])]).optional(),
});

const PaymentResult = z.looseObject({
  PaymentInstrumentData: z.looseObject({ CardData: CardData.optional() }).optional(),
  AmountsResp: z
    .looseObject({ Currency: z.string().optional(), AuthorizedAmount: z.number().optional() })
    .optional(),
  PaymentAcquirerData: z
    .looseObject({
      AcquirerID: z.string().optional(),
      ApprovalCode: z.string().optional(),
      AcquirerTransactionID: TransactionId.optional(),
    })
    .optional(),
});

const POIData = z.looseObject({ POITransactionID: TransactionId.optional() });

export const PaymentResponse = z.looseObject({
  Response,
  POIData: POIData.optional(),
  PaymentResult: PaymentResult.optional(),
  PaymentReceipt: z.array(PaymentReceipt).max(10).optional(),
});
export type PaymentResponse = z.infer<typeof PaymentResponse>;

export const ReversalResponse = z.looseObject({
  Response,
  POIData: POIData.optional(),
  ReversedAmount: z.number().optional(),
  PaymentReceipt: z.array(PaymentReceipt).max(10).optional(),
});
export type ReversalResponse = z.infer<typeof ReversalResponse>;

/** The original answer, told once more. */
const RepeatedBody = z.looseObject({
  PaymentResponse: PaymentResponse.optional(),
  ReversalResponse: ReversalResponse.optional(),
});
export const TransactionStatusResponse = z.looseObject({
  Response,
  RepeatedMessageResponse: z
    .looseObject({
      MessageHeader: MessageHeader.optional(),
      RepeatedResponseMessageBody: RepeatedBody.optional(),
    })
    .optional(),
});
export type TransactionStatusResponse = z.infer<typeof TransactionStatusResponse>;

export const DiagnosisResponse = z.looseObject({
  Response,
  POIStatus: z.looseObject({ GlobalStatus: z.string().optional() }).optional(),
  HostStatus: z.array(z.looseObject({ IsReachableFlag: z.boolean().optional() })).optional(),
});

const PaymentTotals = z.looseObject({
  TransactionType: z.string(),
  TransactionCount: z.int().optional(),
  TransactionAmount: z.number(),
});
const TotalsResponse = z.looseObject({
  Response,
  TransactionTotals: z
    .array(z.looseObject({ PaymentTotals: z.array(PaymentTotals).optional() }))
    .max(200)
    .optional(),
});
export type TotalsResponse = z.infer<typeof TotalsResponse>;

const Plain = z.looseObject({ Response });

/** What the terminal answers. */
export const SaleToPOIResponse = z.looseObject({
  MessageHeader,
  PaymentResponse: PaymentResponse.optional(),
  ReversalResponse: ReversalResponse.optional(),
  TransactionStatusResponse: TransactionStatusResponse.optional(),
  DiagnosisResponse: DiagnosisResponse.optional(),
  LoginResponse: Plain.optional(),
  LogoutResponse: Plain.optional(),
  GetTotalsResponse: TotalsResponse.optional(),
  ReconciliationResponse: TotalsResponse.optional(),
});
export type SaleToPOIResponse = z.infer<typeof SaleToPOIResponse>;

const MessageReference = z.looseObject({
  MessageCategory: z.string(),
  SaleID: z.string().optional(),
  ServiceID: z.string(),
});

/** What the kiosk asks, and what a terminal may tell by itself (Display, Event, Print). */
export const SaleToPOIRequest = z.looseObject({
  MessageHeader,
  PaymentRequest: z
    .looseObject({
      SaleData: z.looseObject({ SaleTransactionID: TransactionId }),
      PaymentTransaction: z.looseObject({
        AmountsReq: z.looseObject({ Currency: z.string(), RequestedAmount: z.number() }),
      }),
    })
    .optional(),
  ReversalRequest: z
    .looseObject({
      OriginalPOITransaction: z.looseObject({ POITransactionID: TransactionId }),
      ReversalReason: z.string(),
    })
    .optional(),
  TransactionStatusRequest: z.looseObject({ MessageReference: MessageReference.optional() }).optional(),
  AbortRequest: z.looseObject({ MessageReference, AbortReason: z.string() }).optional(),
  DiagnosisRequest: z.looseObject({}).optional(),
  LoginRequest: z.looseObject({}).optional(),
  LogoutRequest: z.looseObject({}).optional(),
  GetTotalsRequest: z.looseObject({}).optional(),
  ReconciliationRequest: z.looseObject({}).optional(),
  DisplayRequest: z
    .looseObject({
      DisplayOutput: z.array(z.looseObject({ OutputContent: OutputContent.optional() })).max(10),
    })
    .optional(),
  EventNotification: z
    .looseObject({ EventToNotify: z.string(), EventDetails: z.string().optional() })
    .optional(),
});
export type SaleToPOIRequest = z.infer<typeof SaleToPOIRequest>;

const TerminalMessage = z.union([
  z.object({ SaleToPOIResponse }).transform(({ SaleToPOIResponse: response }) => ({ response })),
  z.object({ SaleToPOIRequest }).transform(({ SaleToPOIRequest: request }) => ({ request })),
]);
export type TerminalMessage = z.output<typeof TerminalMessage>;

/** One JSON message; undefined for what is none. */
export function decodeMessage(text: string): TerminalMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return TerminalMessage.safeParse(value).data;
}
