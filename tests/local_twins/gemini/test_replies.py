"""What Google's own client reads out of the local Gemini's answers."""

from google.genai import types

MODEL = "gemini-3.8-flash"


def content(text, role="user"):
    return types.Content(role=role, parts=[types.Part(text=text)])


async def streamed(client, contents, **config):
    chunks = await client.aio.models.generate_content_stream(
        model=MODEL, contents=contents, config=types.GenerateContentConfig(**config)
    )
    return [chunk async for chunk in chunks]


async def test_a_streamed_reply_comes_in_the_chunks_of_the_script(serve, sdk):
    client = sdk(serve({"say": ["Forty", "-two."]}))

    chunks = await streamed(client, [content("How many?")])

    assert [chunk.text for chunk in chunks[:2]] == ["Forty", "-two."]
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP


async def test_usage_is_a_running_total_whose_last_word_counts(serve, sdk):
    usage = {"prompt": 100, "cached": 64, "output": 30, "thinking": 20}
    client = sdk(serve({"say": "Yes.", "usage": usage}))

    last = (await streamed(client, [content("Is it?")]))[-1].usage_metadata

    assert last.prompt_token_count == 100
    assert last.cached_content_token_count == 64
    assert last.candidates_token_count == 30
    assert last.thoughts_token_count == 20
    assert last.total_token_count == 150


async def test_thoughts_are_marked_and_stand_before_the_text(serve, sdk):
    client = sdk(serve({"think": "I look.", "say": "Found."}))

    reply = await client.aio.models.generate_content(model=MODEL, contents=[content("Find it")])

    parts = reply.candidates[0].content.parts
    assert [(part.text, bool(part.thought)) for part in parts] == [("I look.", True), ("Found.", False)]


async def test_of_parallel_calls_only_the_first_is_signed(serve, sdk):
    calls = [{"name": "get_records", "args": {"table_id": "A"}}, {"name": "get_records", "args": {}}]
    client = sdk(serve({"call": calls}))

    reply = await client.aio.models.generate_content(model=MODEL, contents=[content("Read")])

    parts = reply.candidates[0].content.parts
    assert [part.function_call.args for part in parts] == [{"table_id": "A"}, {}]
    assert [part.thought_signature is not None for part in parts] == [True, False]
    assert parts[0].function_call.id != parts[1].function_call.id


async def test_a_conversation_goes_on_with_the_answers_of_its_calls(serve, sdk):
    url = serve(
        {"call": [{"name": "get_records"}]},
        {"call": [{"name": "get_record", "args": {"id": {"$from": "get_records", "path": "/records/1/id"}}}]},
        {"say": "Done."},
    )
    client = sdk(url)
    history = [content("Read the second")]
    answers = [{"records": [{"id": "rec1"}, {"id": "rec2"}]}, {"id": "rec2"}]

    asked = []
    for answer in answers:
        reply = await client.aio.models.generate_content(model=MODEL, contents=history)
        said = reply.candidates[0].content
        asked.append(said.parts[0].function_call.args)
        name = said.parts[0].function_call.name
        response = types.Part.from_function_response(name=name, response={"output": answer})
        history += [said, types.Content(role="user", parts=[response])]
    last = await client.aio.models.generate_content(model=MODEL, contents=history)

    assert asked == [{}, {"id": "rec2"}]
    assert last.text == "Done."


async def test_the_first_conversation_that_fits_the_question_answers_it(serve, sdk):
    document = {
        "conversations": [
            {"when": "how many", "turns": [{"say": "Two."}]},
            {"when": "who", "turns": [{"say": "Ada."}]},
        ]
    }
    client = sdk(serve(document=document))

    reply = await client.aio.models.generate_content(model=MODEL, contents=[content("WHO is it?")])

    assert reply.text == "Ada."


async def test_a_blocked_prompt_has_no_candidates(serve, sdk):
    client = sdk(serve({"block": "SAFETY"}))

    reply = await client.aio.models.generate_content(model=MODEL, contents=[content("Bad")])

    assert reply.candidates is None
    assert reply.prompt_feedback.block_reason == types.BlockedReason.SAFETY


async def test_the_model_that_served_may_be_another_than_the_one_asked(serve, sdk):
    client = sdk(serve({"say": "Hi.", "served": "gemini-3.5-flash-lite"}))

    reply = await client.aio.models.generate_content(model="gemini-2.5-flash", contents=[content("Hi")])

    assert reply.model_version == "gemini-3.5-flash-lite"


async def test_tokens_are_counted_without_generating(serve, sdk):
    client = sdk(serve({"say": "unused"}))

    counted = await client.aio.models.count_tokens(model=MODEL, contents=[content("x" * 4000)])

    assert counted.total_tokens > 1000


async def test_a_cached_beginning_is_counted_as_cached(serve, sdk):
    client = sdk(serve({"say": "Read."}))
    cache = await client.aio.caches.create(
        model=MODEL,
        config=types.CreateCachedContentConfig(contents=[content("y" * 8000)], ttl="300s"),
    )

    reply = await client.aio.models.generate_content(
        model=MODEL,
        contents=[content("And?")],
        config=types.GenerateContentConfig(cached_content=cache.name),
    )

    assert reply.usage_metadata.cached_content_token_count == cache.usage_metadata.total_token_count > 2000
