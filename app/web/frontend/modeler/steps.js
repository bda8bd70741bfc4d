// What may be drawn: the elements the engine executes, and prepared steps that come with what such steps say in most acts.

import { isDescribed } from "./extensions.js";

const ALL = [
  { id: "start-event", type: "bpmn:StartEvent", icon: "bpmn-icon-start-event-none", words: "Start event", group: "event" },
  { id: "none-event", type: "bpmn:IntermediateThrowEvent", icon: "bpmn-icon-intermediate-event-none", words: "Intermediate event", group: "event" },
  { id: "timer-event", type: "bpmn:IntermediateCatchEvent", event: "bpmn:TimerEventDefinition", icon: "bpmn-icon-intermediate-event-catch-timer", words: "Timer: waits for a term", group: "event" },
  { id: "message-event", type: "bpmn:IntermediateCatchEvent", event: "bpmn:MessageEventDefinition", icon: "bpmn-icon-intermediate-event-catch-message", words: "Message: waits for something from outside", group: "event" },
  { id: "end-event", type: "bpmn:EndEvent", icon: "bpmn-icon-end-event-none", words: "End event", group: "event" },
  { id: "user-task", type: "bpmn:UserTask", icon: "bpmn-icon-user-task", words: "Step done by a person", group: "activity" },
  { id: "service-task", type: "bpmn:ServiceTask", icon: "bpmn-icon-service-task", words: "Step done by the system", group: "activity" },
  { id: "rule-task", type: "bpmn:BusinessRuleTask", icon: "bpmn-icon-business-rule", words: "Step decided by a table", group: "activity" },
  { id: "call-activity", type: "bpmn:CallActivity", icon: "bpmn-icon-call-activity", words: "Called process", group: "activity" },
  { id: "sub-process", type: "bpmn:SubProcess", expanded: true, icon: "bpmn-icon-subprocess-expanded", words: "Sub-process", group: "activity" },
  { id: "exclusive-gateway", type: "bpmn:ExclusiveGateway", icon: "bpmn-icon-gateway-xor", words: "Exclusive gateway: one way", group: "gateway" },
  { id: "parallel-gateway", type: "bpmn:ParallelGateway", icon: "bpmn-icon-gateway-parallel", words: "Parallel gateway: all ways", group: "gateway" },
  { id: "inclusive-gateway", type: "bpmn:InclusiveGateway", icon: "bpmn-icon-gateway-or", words: "Inclusive gateway: some ways", group: "gateway" },
  { id: "event-gateway", type: "bpmn:EventBasedGateway", icon: "bpmn-icon-gateway-eventbased", words: "Event-based gateway: whatever comes first", group: "gateway" },
];

/** Only what the descriptor lets say by which paragraph it is done: of other kinds the engine executes none. */
export const ELEMENTS = ALL.filter(({ type }) => isDescribed(type));

const register = { ref: "registered", kk: "Тіркеу", ru: "Зарегистрировать", en: "Register", tone: "positive" };
const back = { ref: "return_for_rework", kk: "Пысықтауға қайтару", ru: "Вернуть на доработку", en: "Return for rework", tone: "negative" };

/** `asks` is the gateway that follows a step which ends differently, its first flow being taken on the outcome `on`. */
export const TEMPLATES = [
  {
    id: "register_application",
    words: "Registration",
    name: { kk: "Өтінішті қабылдау және тіркеу", ru: "Принять и зарегистрировать заявление", en: "Accept and register the application" },
    step: { limit: "0 working-days", from: "registered" },
    role: "chancellery",
    form: "registration",
    handler: "number_case",
    outcomes: [register],
  },
  {
    id: "appoint_executor",
    words: "Assignment",
    name: { kk: "Жауапты орындаушыны тағайындау", ru: "Назначить ответственного исполнителя", en: "Appoint the responsible executor" },
    step: {},
    role: "head",
    form: "appointment",
    outcomes: [{ ref: "appointed", kk: "Тағайындау", ru: "Назначить", en: "Appoint", tone: "positive" }],
  },
  {
    id: "check_completeness",
    words: "Check of completeness",
    name: { kk: "Құжаттардың толықтығын тексеру", ru: "Проверить полноту документов", en: "Check that the documents are complete" },
    step: { limit: "2 working-days", from: "registered" },
    role: "executor",
    form: "completeness",
    outcomes: [
      { ref: "complete", kk: "Құжаттар толық", ru: "Документы полные", en: "The set is complete", tone: "positive" },
      { ref: "incomplete", kk: "Құжаттар толық емес", ru: "Документы неполные", en: "The set is not complete", tone: "negative" },
    ],
    asks: { id: "is_set_complete", kk: "Құжаттар толық па?", ru: "Документы полные?", en: "Is the set complete?" },
  },
  {
    id: "agreeing_body_replies",
    words: "Consultation",
    name: { kk: "Келісуші органның жауабы", ru: "Ответ согласующего органа", en: "Reply of the agreeing body" },
    step: { limit: "10 working-days", from: "opened" },
    role: "agreeing_body",
    form: "agreement_reply",
    outcomes: [
      { ref: "agree", kk: "Келісу", ru: "Согласовать", en: "Agree", tone: "positive" },
      { ref: "disagree", kk: "Келіспеу", ru: "Не согласовать", en: "Do not agree", tone: "negative" },
    ],
  },
  {
    id: "sign_result",
    words: "Signing",
    name: { kk: "Нәтижеге қол қою", ru: "Подписать результат", en: "Sign the result" },
    step: {},
    role: "head",
    form: "signing",
    outcomes: [{ ref: "sign", kk: "Қол қою", ru: "Подписать", en: "Sign", tone: "positive" }, back],
    asks: { id: "is_result_signed", kk: "Қол қойылды ма?", ru: "Подписано?", en: "Is it signed?" },
  },
];
