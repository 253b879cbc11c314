export { AnthropicModel, type AnthropicModelOptions } from './anthropic/anthropic-model.ts';
export { ChatModel, type ChatModelOptions } from './chat/chat-model.ts';
export { PriceList, priceSchema, type Bounds, type Price, type PriceQuery } from './cost/price-list.ts';
export { PRICES } from './cost/prices.ts';
export type {
  Message,
  Model,
  ModelEvent,
  ModelRequest,
  ModelTurn,
  ModelUsage,
  Picture,
  RespondOptions,
  Text,
  Thinking,
  TokenCount,
  ToolCall,
  ToolDefinition,
  ToolResult,
  TurnPart,
} from './model.ts';
export { ModelError, type ModelErrorCode } from './model-error.ts';
