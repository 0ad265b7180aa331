import {
  keepPreviousData,
  useMutation,
  useQuery,
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { AppError } from '../../shared/errors.ts';
import type { Input, MethodName, Output } from '../../shared/ipc/contract.ts';
import { useClient } from './client-context.ts';

/** Where an answer is cached. Invalidate `[method]` to have every answer of a method asked for again. */
export function methodKey<M extends MethodName>(method: M, input: Input<M>): readonly [M, Input<M>] {
  return [method, input];
}

export interface MethodOptions {
  readonly enabled?: boolean;
  /** Shows the last answer while the one to a changed input is on its way, so that nothing flickers. */
  readonly keepPrevious?: boolean;
}

/** An answer from main, cached by method and input and refreshed when main says that its records changed. */
export function useMethod<M extends MethodName>(
  method: M,
  input: Input<M>,
  options: MethodOptions = {},
): UseQueryResult<Output<M>, AppError> {
  const client = useClient();
  return useQuery<Output<M>, AppError, Output<M>, readonly unknown[]>({
    queryKey: methodKey(method, input),
    queryFn: () => client.call(method, input),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A change that main makes. Lists follow by the `records.changed` event, not by what is written here. */
export function useMethodMutation<M extends MethodName>(method: M): UseMutationResult<Output<M>, AppError, Input<M>> {
  const client = useClient();
  return useMutation<Output<M>, AppError, Input<M>>({ mutationFn: (input) => client.call(method, input) });
}

export function invalidateMethods(queries: QueryClient, methods: readonly MethodName[]): void {
  for (const method of methods) void queries.invalidateQueries({ queryKey: [method] });
}
