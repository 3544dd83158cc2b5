## The documentation of the API.

api-title = API reference
api-question = Which requests does the server answer?
api-document = OpenAPI document
api-schemas = Schemas
api-anyone = No credential needed.
api-credentials = Credential: { $credentials }
api-parameters = Parameters
api-parameter = Parameter
api-body = Body:
api-answers = Responses
api-status = Status
api-fields = Fields
api-field = Field
api-type = Type
api-description = Description
