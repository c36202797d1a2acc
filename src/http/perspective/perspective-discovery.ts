/**
 * What Google's own clients fetch before they call anything: `GET /$discovery/rest?version=v1alpha1`, a description of
 * the two methods in Google's format (https://developers.google.com/discovery/v1/reference/apis).
 */
const object = { type: 'object' } as const;
const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;

const comment = { ...object, properties: { text, type: text } };
const score = { ...object, properties: { value: { type: 'number', format: 'float' }, type: text } };
const spanScore = {
  ...object,
  properties: {
    begin: { type: 'integer', format: 'int32' },
    end: { type: 'integer', format: 'int32' },
    score: { $ref: 'Score' },
  },
};
const attributeScores = {
  ...object,
  properties: {
    summaryScore: { $ref: 'Score' },
    spanScores: { type: 'array', items: { $ref: 'SpanScore' } },
  },
};
const requested = { ...object, properties: { scoreThreshold: { type: 'number', format: 'float' } } };
const ofEach = (name: string) => ({ ...object, additionalProperties: { $ref: name } });

const SCHEMAS = {
  TextEntry: comment,
  Score: score,
  SpanScore: spanScore,
  AttributeScores: attributeScores,
  AttributeParameters: requested,
  AnalyzeCommentRequest: {
    ...object,
    properties: {
      comment: { $ref: 'TextEntry' },
      requestedAttributes: ofEach('AttributeParameters'),
      languages: texts,
      clientToken: text,
      doNotStore: { type: 'boolean' },
    },
  },
  AnalyzeCommentResponse: {
    ...object,
    properties: {
      attributeScores: ofEach('AttributeScores'),
      languages: texts,
      detectedLanguages: texts,
      clientToken: text,
    },
  },
  SuggestCommentScoreRequest: {
    ...object,
    properties: {
      comment: { $ref: 'TextEntry' },
      attributeScores: ofEach('AttributeScores'),
      languages: texts,
      clientToken: text,
    },
  },
  SuggestCommentScoreResponse: {
    ...object,
    properties: { requestedLanguages: texts, detectedLanguages: texts, clientToken: text },
  },
} as const;

function describeMethod(verb: string, name: string) {
  return {
    id: `commentanalyzer.comments.${verb}`,
    path: `v1alpha1/comments:${verb}`,
    flatPath: `v1alpha1/comments:${verb}`,
    httpMethod: 'POST',
    parameterOrder: [],
    parameters: {},
    request: { $ref: `${name}Request` },
    response: { $ref: `${name}Response` },
  };
}

/** The description, with calls going to `origin`. */
export function describePerspective(origin: string) {
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'commentanalyzer:v1alpha1',
    name: 'commentanalyzer',
    version: 'v1alpha1',
    title: 'leave-a-reply in the shape of the Perspective Comment Analyzer API',
    protocol: 'rest',
    rootUrl: `${origin}/`,
    baseUrl: `${origin}/`,
    servicePath: '',
    batchPath: 'batch',
    parameters: {
      key: { type: 'string', location: 'query', description: 'A secret key whose one scope is `submit`.' },
    },
    schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([id, schema]) => [id, { id, ...schema }])),
    resources: {
      comments: {
        methods: {
          analyze: describeMethod('analyze', 'AnalyzeComment'),
          suggestscore: describeMethod('suggestscore', 'SuggestCommentScore'),
        },
      },
    },
  };
}
