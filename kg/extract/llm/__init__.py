"""The extractor that asks a language model, by any service that speaks the chat API of OpenAI.

service     which service, and how it is asked: the settings
prompt      what is asked: the rules and the schema of an answer, both from the ontology
parts       a long article in parts
pace        when it may be asked, by all processes together
client      one question and its answer over HTTP, again and again where that may help
kept        answers on disk, so that no question is paid for twice
quotations  where the words of an answer stand in the article
answer      from an answer to mentions and relation mentions: only what the text has and the ontology allows
extractor   the plug-in `llm`
estimate    what reading will cost
"""
