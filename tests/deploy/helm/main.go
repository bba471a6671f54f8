// Reads Kubernetes objects, YAML documents, from standard input, as strictly as a cluster's API
// does: for each one with an unknown field, or with a field of the wrong type, it prints the error.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	codecs := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict)
	documents := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	objects, wrong := 0, 0
	for {
		document, err := documents.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			_, _, err = codecs.UniversalDeserializer().Decode(document, nil, nil)
		}
		objects++
		if err != nil {
			wrong++
			fmt.Printf("%v\n%s\n", err, document)
		}
	}
	fmt.Printf("%d objects, %d wrong\n", objects, wrong)
	if wrong > 0 || objects == 0 {
		os.Exit(1)
	}
}
